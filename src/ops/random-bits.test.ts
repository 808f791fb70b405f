import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { threefry } from "../core/random-key.ts";
import { key } from "./random.ts";
import { randomBits } from "./random-bits.ts";

const golden = JSON.parse(readFileSync(new URL("../../test/golden/data/jax-random.json", import.meta.url), "utf8")) as {
  readonly jax: string;
  readonly bits: readonly { readonly shape: number[]; readonly values: number[] }[];
};

beforeAll(() => {
  installReferenceEngine();
});

it(`gives the bits of JAX ${golden.jax}`, () => {
  for (const { shape, values } of golden.bits) {
    const got = randomBits(key(42), shape);
    expect(got.dtype).toBe("uint32");
    expect(got.shape).toEqual(shape);
    expect([...got.dataSync()]).toEqual(values);
  }
});

it("agrees with the host's Threefry", () => {
  const [high, low] = threefry([0, 7], [0, 3]);
  expect(randomBits(key(7), [2, 2]).dataSync()[3]).toBe((high ^ low) >>> 0);
});

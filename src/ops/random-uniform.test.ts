import { beforeAll, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { key } from "./random.ts";
import { randomUniform } from "./random-uniform.ts";

beforeAll(() => {
  installReferenceEngine();
});

// random.test.ts compares these numbers with JAX's.
it.each(["float32", "float64"] as const)("fills [0, 1) evenly in %s, on a grid", (dtype) => {
  const x = randomUniform(key(5), [40, 50], dtype).dataSync();
  const grid = dtype === "float32" ? 2 ** 23 : 2 ** 52;
  const tenths = new Array<number>(10).fill(0);
  for (const value of x) {
    expect(Number.isInteger(value * grid)).toBe(true);
    tenths[Math.floor(value * 10)]++;
  }
  // 200 in each tenth, with a standard deviation of 13.
  for (const count of tenths) expect(Math.abs(count - 200)).toBeLessThan(60);
  expect(x.length).toBe(2000);
});

it("depends on the key and the linear index alone", () => {
  const long = randomUniform(key(5), [12], "float32").dataSync();
  expect([...randomUniform(key(5), [2, 3], "float32").dataSync()]).toEqual(Array.from(long.slice(0, 6)));
  expect([...randomUniform(key(6), [6], "float32").dataSync()]).not.toEqual(Array.from(long.slice(0, 6)));
});

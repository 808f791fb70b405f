import { expect, it } from "vitest";
import { hashBits } from "./hash-bits.ts";

it("tells every bit, order and length apart, and no NaN from another", () => {
  const one = (value: number): string => hashBits([Float32Array.of(3, value)]);
  const values = [0, -0, 1, 1 + 2 ** -23, 2 ** -149, Number.POSITIVE_INFINITY, Number.NaN];
  const hashes = [...values.map(one), hashBits([Float32Array.of(3), Float32Array.of(1)]), hashBits([])];
  expect(new Set([...hashes, hashBits([Float32Array.of(1, 3)])]).size).toBe(values.length + 3);
  const payload = new Float32Array(Uint32Array.of(0x40400000, 0xffc01234).buffer);
  expect(hashBits([payload])).toBe(one(Number.NaN));
  expect(hashBits([Float64Array.of(2 ** -1074)])).not.toBe(hashBits([Float64Array.of(0)]));
});

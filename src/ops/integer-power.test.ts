import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { hostTensor } from "../graph/tensor.ts";
import { integerPower } from "./integer-power.ts";

beforeAll(() => {
  installReferenceEngine();
});

const powers = (base: number, ns: readonly number[]): number[] => [
  ...integerPower(base, hostTensor(Int32Array.from(ns), [ns.length], "int32")).dataSync(),
];

/** base^n with 200 digits after the point, rounded once: base is an integer over a power of two. */
function exact(base: number, n: number): number {
  let shift = 0;
  let mantissa = base;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    shift++;
  }
  const digits = 400n;
  const scaled = (BigInt(mantissa) ** BigInt(n) * 10n ** digits) >> BigInt(shift * n);
  return Number(`${scaled}e-${digits}`);
}

describe("integerPower", () => {
  const exponents = [0, 1, 2, 3, 7, 20, 100, 1000, 1023, 4096];

  for (const beta of [0.9, 0.999, 0.5, 0.99, 1.5]) {
    it(`gives ${beta}^n to n half-units in the last place`, () => {
      const base = Math.fround(beta);
      const got = powers(base, exponents);
      exponents.forEach((n, i) => {
        const want = exact(base, n);
        if (!Number.isFinite(want)) expect(got[i]).toBe(want);
        else expect(Math.abs(got[i] - want), `${base}^${n}`).toBeLessThanOrEqual(want * n * 2 ** -53);
      });
    });
  }

  it("is exact where the products are", () => {
    expect(powers(2, [0, 1, 10, 62, 1023])).toEqual([1, 2, 1024, 2 ** 62, 2 ** 1023]);
    expect(powers(-3, [2, 3, 30])).toEqual([9, -27, 3 ** 30]);
    expect(powers(0, [0, 1, 5])).toEqual([1, 0, 0]);
  });

  it("ends at 0, and takes the largest int32", () => {
    expect(powers(0.9, [100_000, 2 ** 31 - 1])).toEqual([0, 0]);
    expect(powers(1, [2 ** 31 - 1])).toEqual([1]);
    expect(powers(2, [2 ** 31 - 1])).toEqual([Infinity]);
  });

  it("agrees with the step-by-step product of 5,000 steps", () => {
    const base = Math.fround(0.999);
    let product = 1;
    const got = powers(
      base,
      Array.from({ length: 5_000 }, (_, n) => n),
    );
    got.forEach((value, n) => {
      expect(Math.abs(value - product)).toBeLessThanOrEqual(product * (n + 1) * 2 ** -52);
      product *= base;
    });
  });

  it("names a wrong dtype", () => {
    expect(() => integerPower(0.9, hostTensor(Float32Array.of(1), [1], "float32"))).toThrow(
      'integerPower: expected an int32 exponent, got float32. Use n.cast("int32"), or pow.',
    );
  });
});

import { describe, expect, test } from "vitest";
import * as precise from "../../../test/support/high-precision.ts";
import { eachFloat32, expansionOf, float32Ulps, functionOf } from "../../../test/support/measure-maths.ts";
import { threefry } from "../../core/random-key.ts";
import { s } from "../expr.ts";

/** A prime, so that the 86,000 samples meet all exponents with ever other mantissas. */
const STEP = 49_999;

/** The worst error, in units of the last place, over samples of all float32 in (least, greatest). */
function worst(f: (x: number) => number, right: (x: number) => number, within = Number.POSITIVE_INFINITY): number {
  let most = 0;
  eachFloat32(STEP, (x) => {
    if (Math.abs(x) > within) return;
    most = Math.max(most, float32Ulps(f(x), right(x)));
  });
  return most;
}

describe("float32, over every exponent, subnormals, infinities and NaN", () => {
  test.each([
    ["exp", Math.exp, 1],
    ["expm1", Math.expm1, 1.7],
    ["log", Math.log, 0.8],
    ["log1p", Math.log1p, 0.85],
    ["tanh", Math.tanh, 1.3],
  ] as const)("%s", (op, right, bound) => {
    expect(worst(expansionOf("float32", op), right)).toBeLessThan(bound);
  });

  test.each([
    ["sin", Math.sin],
    ["cos", Math.cos],
  ] as const)("%s up to 4e8", (op, right) => {
    expect(worst(expansionOf("float32", op), right, 4e8)).toBeLessThan(0.51);
  });

  test.each(["sin", "cos"] as const)("%s stays within [-1, 1] beyond", (op) => {
    const f = expansionOf("float32", op);
    for (const x of [1e9, 1e20, -3e38]) expect(Math.abs(f(x))).toBeLessThanOrEqual(1);
  });

  test("pow", () => {
    const f = expansionOf("float32", "pow");
    const random = randoms(1);
    let most = 0;
    for (let i = 0; i < 20_000; i++) {
      const x = Math.fround(2 ** (random() * 270 - 140));
      const y = Math.fround((random() * 2 - 1) * (100 / Math.abs(Math.log(x) || 1)));
      most = Math.max(most, float32Ulps(f(x, y), x ** y));
    }
    expect(most).toBeLessThan(0.51);
  });

  test("the logistic function 1 / (1 + e^-x), where its e^-x does not overflow", () => {
    const sigmoid = functionOf("float32", (x) => s.div(1, s.add(s.exp(s.neg(x)), 1)));
    const bounded = (x: number): number => (x < -87 ? 0 : sigmoid(x));
    expect(worst(bounded, (x) => (x < -87 ? 0 : 1 / (1 + Math.exp(-x))))).toBeLessThan(2.3);
  });

  test("exp up to the edge of overflow and down to the last subnormal", () => {
    const exp = expansionOf("float32", "exp");
    const edge = (x: number): number => float32Ulps(exp(Math.fround(x)), Math.exp(Math.fround(x)));
    let most = 0;
    for (let x = 88; x < 88.722835; x += 1e-4) most = Math.max(most, edge(x));
    for (let x = -104; x < -87; x += 1e-3) most = Math.max(most, edge(x));
    expect(most).toBeLessThan(1);
    expect(exp(Math.fround(88.72283))).toBeLessThan(2 ** 128);
    expect(exp(Math.fround(88.72284))).toBe(Number.POSITIVE_INFINITY);
    expect(exp(-103.9)).toBe(2 ** -149);
    expect(exp(-104)).toBe(0);
  });
});

/** Numbers in [0, 1), the same in every run. */
function randoms(seed: number): () => number {
  let count = 0;
  return () => {
    const [high, low] = threefry([0, seed], [0, count++]);
    return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53;
  };
}

const { exactly } = precise;

/** Each: a function, the range of x (as exponents of 2 with both signs, or linear), the right value, the bound. */
const FLOAT64 = [
  ["exp", "linear", -745, 709.78, (x: number) => precise.exp(exactly(x)), 0.85],
  ["exp", "powers", -60, 2, (x: number) => precise.exp(exactly(x)), 0.85],
  ["expm1", "linear", -50, 709.78, (x: number) => precise.expm1(exactly(x)), 1.4],
  ["expm1", "powers", -60, 2, (x: number) => precise.expm1(exactly(x)), 1.4],
  ["log", "positive", -290, 900, (x: number) => precise.log(exactly(x)), 0.8],
  ["log", "linear", 0.3, 3, (x: number) => precise.log(exactly(x)), 0.8],
  ["log1p", "positive", -60, 100, (x: number) => precise.log1p(exactly(x)), 0.8],
  ["log1p", "linear", -0.999, 2, (x: number) => precise.log1p(exactly(x)), 0.8],
  ["tanh", "powers", -60, 4.4, (x: number) => precise.tanh(exactly(x)), 1.3],
  ["tanh", "linear", -1, 1, (x: number) => precise.tanh(exactly(x)), 1.3],
  ["sin", "powers", -60, 20, (x: number) => precise.sin(exactly(x)), 0.8],
  ["sin", "linear", -10, 10, (x: number) => precise.sin(exactly(x)), 0.8],
  ["cos", "powers", -60, 20, (x: number) => precise.sin(exactly(x), 1n), 0.8],
  ["cos", "linear", -10, 10, (x: number) => precise.sin(exactly(x), 1n), 0.8],
] as const;

describe("float64, against values of a hundred digits", () => {
  test.each(FLOAT64)("%s, %s from %d to %d", (op, kind, from, to, right, bound) => {
    const f = expansionOf("float64", op);
    const random = randoms(from);
    let most = 0;
    for (let i = 0; i < 800; i++) {
      const at = from + (to - from) * random();
      const size = kind === "linear" ? at : 2 ** at;
      const x = kind === "powers" && random() < 0.5 ? -size : size;
      most = Math.max(most, precise.ulpsFrom(f(x), right(x)));
    }
    expect(most).toBeLessThan(bound);
  });

  test("pow, results of all sizes", () => {
    const f = expansionOf("float64", "pow");
    const random = randoms(7);
    let most = 0;
    for (let i = 0; i < 1000; i++) {
      const x = i % 2 === 0 ? 2 ** (random() * 560 - 280) : 0.5 + random();
      const y = ((random() * 2 - 1) * 700) / Math.abs(Math.log(x));
      most = Math.max(most, precise.ulpsFrom(f(x, y), precise.pow(x, y)));
    }
    expect(most).toBeLessThan(0.9);
  });

  test("subnormal arguments of log, and results of exp", () => {
    const [log, exp] = [expansionOf("float64", "log"), expansionOf("float64", "exp")];
    for (const k of [1, 3, 1025, 2 ** 40 + 1]) {
      expect(Math.abs(log(k * 2 ** -1074) / (Math.log(k) - 1074 * Math.LN2) - 1)).toBeLessThan(3e-16);
    }
    expect(exp(-745)).toBe(2 ** -1074);
    expect(exp(-745.2)).toBe(0);
    expect(Math.abs(exp(709.78) / Math.exp(709.78) - 1)).toBeLessThan(3e-16);
    expect(exp(709.79)).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    ["sin", 0n],
    ["cos", 1n],
  ] as const)("%s beyond 1.6e6 errs as if x were off by an ulp", (op, turn) => {
    const f = expansionOf("float64", op);
    const random = randoms(9);
    for (let i = 0; i < 200; i++) {
      const x = 2 ** (21 + 25 * random());
      const right = Number((precise.sin(exactly(x), turn).v * 10n ** 18n) >> 480n) / 1e18;
      expect(Math.abs(f(x) - right)).toBeLessThan(x * 2 ** -52);
    }
  });
});

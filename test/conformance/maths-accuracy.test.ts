import { describe, expect, test } from "vitest";
import { MATHS_OPS, type MathsOp } from "../../src/ir/expr.ts";
import { MATHS_BOUNDS } from "../../src/ir/maths/bounds.ts";
import * as precise from "../support/high-precision.ts";
import { samplesOfFloat32, samplesOfFloat64, samplesOfPow } from "../support/maths-samples.ts";
import { expansionOf, float32Ulps } from "../support/measure-maths.ts";
import { type Floats, runOnWasm } from "../support/run-maths.ts";

const { exactly, logOf, scaled } = precise;

type Precise = (x: number) => precise.Scaled;

/** For arguments so small that a function is its first term, to all the digits there are. */
const near0 = (first: Precise, f: (x: bigint) => precise.Scaled): Precise => {
  return (x) => (Math.abs(x) < 2 ** -250 ? first(x) : f(exactly(x)));
};
const beyond = (x: number, f: Precise): precise.Scaled => f(Math.min(Math.max(x, -800), 800));

/** What float32 is held against: JavaScript's functions in float64, far finer. */
const OF_FLOAT32: Readonly<Record<MathsOp, (x: number, y: number) => number>> = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  tanh: Math.tanh,
  sigmoid: (x) => (x < -40 ? Math.exp(x) : 1 / (1 + Math.exp(-x))),
  sin: Math.sin,
  cos: Math.cos,
  pow: (x, y) => x ** y,
};

/** What float64 is held against: a hundred digits. Beyond +-800 nothing changes but for log, sin, cos and pow. */
const OF_FLOAT64: Readonly<Record<Exclude<MathsOp, "pow">, Precise>> = {
  exp: (x) =>
    beyond(
      x,
      near0(() => scaled(1), precise.exp),
    ),
  expm1: (x) => beyond(x, near0(scaled, precise.expm1)),
  log: logOf,
  log1p: (x) => (x > 2 ** 200 ? logOf(x) : near0(scaled, precise.log1p)(x)),
  tanh: (x) => beyond(x, near0(scaled, precise.tanh)),
  sigmoid: (x) =>
    beyond(
      x,
      near0(() => scaled(0.5), precise.sigmoid),
    ),
  sin: near0(scaled, precise.sin),
  cos: near0(
    () => scaled(1),
    (x) => precise.sin(x, 1n),
  ),
};

/** Where a function of float64 is not a number, or infinitely small: the exact cases of expand.test.ts. */
const LEAST: Partial<Record<MathsOp, number>> = { log: 0, log1p: -1 };

/** The values of an op on the wasm backend, and those of its definition, which other backends may run. */
function bothWays(
  op: MathsOp,
  dtype: "float32" | "float64",
  arrays: readonly Floats[],
): Readonly<Record<string, Floats>> {
  const defined = expansionOf(dtype, op);
  const [xs, ys] = arrays as [Floats, Floats?];
  const wasm = runOnWasm(op, dtype, arrays);
  return { wasm, "the definition": xs.map((x, i) => defined(x, ys?.[i])) };
}

/** The worst of `error`, with where it is. */
function worst(count: number, error: (i: number) => number): { ulps: number; at: number } {
  const found = { ulps: 0, at: 0 };
  for (let at = 0; at < count; at++) {
    const ulps = error(at);
    if (!(ulps <= found.ulps)) Object.assign(found, { ulps, at });
  }
  return found;
}

function expectBound(op: MathsOp, dtype: "float32" | "float64", arrays: readonly Floats[], error: Judge): void {
  const [xs, ys] = arrays as [Floats, Floats?];
  for (const [where, values] of Object.entries(bothWays(op, dtype, arrays))) {
    const { ulps, at } = worst(xs.length, (i) => error(values[i] as number, i));
    const given = ys === undefined ? xs[at] : `${xs[at]}, ${ys[at]}`;
    const text = `${op}(${given}) of ${dtype} by ${where} is ${values[at]}: off by ${ulps} units in the last place`;
    expect(ulps, text).toBeLessThanOrEqual(MATHS_BOUNDS[op][dtype].ulps);
  }
}
/** The error of the value of sample i. */
type Judge = (y: number, i: number) => number;

/** A prime, so that the 86,000 samples meet all exponents with ever other mantissas. */
const ALL_FLOAT32 = samplesOfFloat32(49_999);
const ALL_FLOAT64 = samplesOfFloat64(8000);

const within = <F extends Floats>(op: MathsOp, dtype: "float32" | "float64", xs: F): F => {
  const { within = Number.POSITIVE_INFINITY } = MATHS_BOUNDS[op][dtype];
  return xs.filter((x: number) => !(Math.abs(x) > within)) as F;
};

describe("float32 keeps its bounds over every exponent, subnormals, infinities and NaN", () => {
  test.each(MATHS_OPS)("%s", (op) => {
    const arrays = op === "pow" ? samplesOfPow("float32", 60_000) : [within(op, "float32", ALL_FLOAT32)];
    const [xs, ys] = arrays as [Floats, Floats?];
    const right = OF_FLOAT32[op];
    expectBound(op, "float32", arrays, (y, i) => float32Ulps(y, right(xs[i] as number, ys?.[i] ?? 0)));
  });
});

describe("float64 keeps its bounds, against values of a hundred digits", () => {
  test.each(MATHS_OPS)("%s", (op) => {
    if (op === "pow") {
      const [xs, ys] = samplesOfPow("float64", 6000);
      const rights = Array.from(xs, (x, i) => precise.pow(x, ys[i] as number));
      return expectBound(op, "float64", [xs, ys], (y, i) => precise.ulpsFrom(y, rights[i] as precise.Scaled));
    }
    const xs = within(op, "float64", ALL_FLOAT64).filter((x) => x > (LEAST[op] ?? Number.NEGATIVE_INFINITY));
    const rights = Array.from(xs, OF_FLOAT64[op]);
    expectBound(op, "float64", [xs], (y, i) => precise.ulpsFrom(y, rights[i] as precise.Scaled));
  });
});

describe("far out", () => {
  test.each(["sin", "cos"] as const)("%s stays within [-1, 1]", (op) => {
    for (const array of [ALL_FLOAT32, ALL_FLOAT64]) {
      const dtype = array instanceof Float32Array ? "float32" : "float64";
      const values = runOnWasm(op, dtype, [array.filter((x) => Number.isFinite(x))]);
      expect(
        values.every((y: number) => Math.abs(y) <= 1),
        dtype,
      ).toBe(true);
    }
  });

  test.each([
    ["sin", 0n],
    ["cos", 1n],
  ] as const)("%s of float64 beyond 1.6e6 errs as if x were off by an ulp", (op, turn) => {
    const xs = Float64Array.from({ length: 200 }, (_, i) => 2 ** (21 + i / 8) * (1 + i / 317));
    runOnWasm(op, "float64", [xs]).forEach((y: number, i: number) => {
      const x = xs[i] as number;
      const right = Number((precise.sin(exactly(x), turn).v * 10n ** 18n) >> 480n) / 1e18;
      expect(Math.abs(y - right)).toBeLessThan(x * 2 ** -52);
    });
  });
});

describe("the edges of exp and sigmoid", () => {
  const at = (op: MathsOp, dtype: "float32" | "float64", ...xs: number[]): number[] => [
    ...runOnWasm(op, dtype, [dtype === "float32" ? Float32Array.from(xs) : Float64Array.from(xs)]),
  ];

  test("overflow comes where it should", () => {
    const [below, above] = at("exp", "float32", 88.72283, 88.72284);
    expect(below).toBeLessThan(2 ** 128);
    expect(above).toBe(Number.POSITIVE_INFINITY);
    const [last, beyond] = at("exp", "float64", 709.782712893384, 709.7827128933841);
    expect(last).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(beyond).toBe(Number.POSITIVE_INFINITY);
  });

  test.each(["exp", "sigmoid"] as const)("%s goes down to the last subnormal, then to 0", (op) => {
    expect(at(op, "float32", -103.5, -104.1)).toEqual([2 ** -149, 0]);
    expect(at(op, "float64", -744.7, -745.2)).toEqual([2 ** -1074, 0]);
    expect(at(op, "float32", -100)[0]).toBe(Math.fround(Math.exp(-100)));
  });
});

describe("basic operations are rounded once", () => {
  const rounded = { add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b, div: (a, b) => a / b,
    sqrt: Math.sqrt } as const satisfies Record<string, (a: number, b: number) => number>; // biome-ignore format: one look

  test.each(["add", "sub", "mul", "div", "sqrt"] as const)("%s", (op) => {
    for (const xs of [ALL_FLOAT32, ALL_FLOAT64]) {
      const dtype = xs instanceof Float32Array ? "float32" : "float64";
      const ys = xs.toReversed();
      // In float64 a float32's quotient or root is exact enough to be rounded again.
      const right = xs.map((x, i) => rounded[op](x, ys[i] as number));
      const got = runOnWasm(op, dtype, op === "sqrt" ? [xs] : [xs, ys]);
      const wrong = Array.from(got.keys()).filter((i) => !Object.is(got[i], right[i]));
      expect(wrong.map((i) => `${op}(${xs[i]}, ${ys[i]}): ${got[i]}, not ${right[i]}`).slice(0, 5), dtype).toEqual([]);
    }
  });
});

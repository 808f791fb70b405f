import { describe, expect, test } from "vitest";
import { expansionOf, functionOf } from "../../../test/support/measure-maths.ts";
import { NATIVE_MATHS } from "../../backends/reference/native-maths.ts";
import { call, constant, type Expr, index, isMathsOp, load, MATHS_OPS, type MathsOp, s } from "../expr.ts";
import { linearize } from "../linearize.ts";
import { expand, expandMaths } from "./expand.ts";

const { NEGATIVE_INFINITY: LEAST, POSITIVE_INFINITY: INF } = Number;
const PRECISIONS = ["float32", "float64"] as const;

/** Arguments and results that IEEE 754 and C fix exactly. */
const EXACT: Readonly<Record<Exclude<MathsOp, "pow">, readonly (readonly [number, number])[]>> = {
  exp: [
    [0, 1],
    [-0, 1],
    [INF, INF],
    [LEAST, 0],
    [1e5, INF],
    [-1e5, 0],
    [NaN, NaN],
  ],
  expm1: [
    [0, 0],
    [-0, -0],
    [INF, INF],
    [LEAST, -1],
    [1e5, INF],
    [-1e5, -1],
    [NaN, NaN],
  ],
  log: [
    [0, LEAST],
    [-0, LEAST],
    [1, 0],
    [-1, NaN],
    [LEAST, NaN],
    [INF, INF],
    [NaN, NaN],
  ],
  log1p: [
    [0, 0],
    [-0, -0],
    [-1, LEAST],
    [-2, NaN],
    [LEAST, NaN],
    [INF, INF],
    [NaN, NaN],
  ],
  tanh: [
    [0, 0],
    [-0, -0],
    [INF, 1],
    [LEAST, -1],
    [1e30, 1],
    [-1e30, -1],
    [NaN, NaN],
  ],
  sigmoid: [
    [0, 0.5],
    [-0, 0.5],
    [INF, 1],
    [LEAST, 0],
    [1e5, 1],
    [-1e5, 0],
    [NaN, NaN],
  ],
  sin: [
    [0, 0],
    [-0, -0],
    [INF, NaN],
    [LEAST, NaN],
    [NaN, NaN],
  ],
  cos: [
    [0, 1],
    [-0, 1],
    [INF, NaN],
    [LEAST, NaN],
    [NaN, NaN],
  ],
};

describe.each(PRECISIONS)("%s", (dtype) => {
  test.each(Object.keys(EXACT) as (keyof typeof EXACT)[])("%s of zeros, infinities and NaN", (op) => {
    const f = expansionOf(dtype, op);
    for (const [x, y] of EXACT[op]) expect(f(x), `${op}(${Object.is(x, -0) ? "-0" : x})`).toBe(y);
  });

  test("pow is right wherever its arguments are special", () => {
    const f = expansionOf(dtype, "pow");
    const values = [0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 7.5, -7.5, 1e30, -1e30, 3e-30, INF, LEAST, NaN];
    for (const x of values) {
      for (const y of values) {
        const right = NATIVE_MATHS.pow(dtype === "float32" ? Math.fround(x) : x, y);
        const expected = dtype === "float32" ? Math.fround(right) : right;
        const exact = expected === 0 || !Number.isFinite(expected);
        if (exact) expect(f(x, y), `${x} ** ${y}`).toBe(expected);
        else expect(Math.abs(f(x, y) / expected - 1), `${x} ** ${y}`).toBeLessThan(dtype === "float32" ? 6e-8 : 3e-16);
      }
    }
  });

  test("small integer powers are exact", () => {
    const f = expansionOf(dtype, "pow");
    for (let x = -12; x <= 12; x++) for (let y = 0; y <= 5; y++) expect(f(x, y)).toBe(x ** y);
  });

  test("subnormals come through the functions that are x near 0", () => {
    const least = dtype === "float32" ? 2 ** -149 : 2 ** -1074;
    for (const op of ["expm1", "log1p", "tanh", "sin"] as const) {
      const f = expansionOf(dtype, op);
      for (const x of [least, -least, 3 * least, -1001 * least]) expect(f(x), `${op}(${x})`).toBe(x);
    }
  });

  test("an expansion holds basic operations and keeps its dtype", () => {
    for (const op of MATHS_OPS) {
      const x = load(0, dtype, []);
      const root = expand(op, [x, x]);
      expect(root.dtype).toBe(dtype);
      const ops = linearize([root]).code.flatMap((i) => (i.kind === "call" ? [i.op] : []));
      expect(ops.filter(isMathsOp), op).toEqual([]);
    }
  });
});

test("all of float32's but sin, cos and pow stay in float32", () => {
  for (const op of ["exp", "expm1", "log", "log1p", "tanh", "sigmoid"] as const) {
    const dtypes = linearize([expand(op, [load(0, "float32", [])])]).code.map((i) => i.dtype);
    expect(new Set(dtypes), op).toEqual(new Set(["float32", "bool"]));
  }
});

test("expansions stay short", () => {
  const count = (op: MathsOp): number => {
    const x = load(0, "float32", []);
    return linearize([expand(op, [x])]).code.filter((i) => i.kind === "call").length;
  };
  expect({ exp: count("exp"), log: count("log"), tanh: count("tanh") }).toEqual({ exp: 23, log: 39, tanh: 43 });
});

test("functions inside functions, indices and guards are expanded, and shared parts stay shared", () => {
  const x = load(0, "float32", [index(0)]);
  const once = s.exp(x);
  const root = expandMaths(s.add(once, s.mul(once, once)));
  if (root.kind !== "call") throw new Error("expected a call");
  const [first, product] = root.args as [Expr, Expr];
  expect(product.kind === "call" && product.args[0] === first && product.args[1] === first).toBe(true);
  const f = functionOf("float32", (v) => s.log(s.exp(s.log(s.exp(v)))));
  expect(f(3)).toBeCloseTo(3, 5);
  const guarded = load(0, "float32", [s.cast(s.exp(constant(1, "float32")), "int32")], s.gt(s.exp(x), 1));
  const ops = linearize([expandMaths(guarded)]).code.flatMap((i) => (i.kind === "call" ? [i.op] : []));
  expect(ops.some(isMathsOp)).toBe(false);
});

test("what holds no function is returned itself", () => {
  const root = s.add(load(0, "float32", [index(0)], s.lt(index(0), 3)), 1);
  expect(expandMaths(root)).toBe(root);
});

test("a function of an int is refused", () => {
  expect(() => expand("exp", [call("add", [index(0), index(1)])])).toThrow("ir: exp of int32");
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NATIVE_MATHS } from "../../backends/reference/native-maths.ts";
import type { DType } from "../../core/dtype.ts";
import { ROUND } from "../../ir/arithmetic.ts";
import { evaluator } from "../../ir/evaluate.ts";
import { BASIC_OPS, type BasicOp, call, constant, type Expr, index, load, s } from "../../ir/expr.ts";
import type { Op } from "../op.ts";
import { evaluateUniform } from "./fold-constants.ts";

const fold = (body: Expr, values: readonly number[] = []) =>
  evaluateUniform({ scalar: () => ({ body }) } as unknown as Op, [], {}, values);

const evaluate = (body: Expr) =>
  evaluator(body, { index: [], range: [], load: () => Number.NaN, maths: NATIVE_MATHS })();

const DTYPES = ["float32", "float64", "int32", "uint32", "uint8", "bool"] as const satisfies readonly DType[];
const UNARY = new Set<BasicOp>([
  "neg",
  "abs",
  "sqrt",
  "floor",
  "ceil",
  "round",
  "trunc",
  "not",
  "exponent",
  "mantissa",
]);

/** Every basic operation that has a meaning on the dtype, on constants. */
function calls(dtype: DType, x: number, y: number): Expr[] {
  const [a, b] = [constant(ROUND[dtype](x), dtype), constant(ROUND[dtype](y), dtype)];
  return BASIC_OPS.flatMap((op) => {
    if ((op === "and" || op === "or" || op === "not") && dtype !== "bool") return [];
    if (op === "cast") return DTYPES.map((to) => s.cast(a, to));
    if (op === "select") return [s.select(s.lt(a, b), a, b)];
    return [call(op, UNARY.has(op) ? [a] : [a, b])];
  });
}

describe("evaluateUniform", () => {
  it("gives null, or the bits that evaluate.ts defines", () => {
    const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, 0.5, -1.5, 255, 2 ** 31, 2 ** 32 - 1));
    fc.assert(
      fc.property(fc.constantFrom(...DTYPES), number, number, (dtype, x, y) => {
        for (const e of calls(dtype, x, y)) {
          const value = fold(e);
          if (value !== null) expect(value, JSON.stringify(e)).toBe(evaluate(e));
        }
      }),
    );
  });

  it("folds arithmetic, comparisons, choices and casts", () => {
    const folded = calls("float64", 3, 2).flatMap((e) => (e.kind === "call" && fold(e) !== null ? [e.op] : []));
    expect(new Set(folded)).toEqual(
      // biome-ignore format: one line a group
      new Set([
        "add", "sub", "mul", "div", "neg", "abs", "sqrt", "min", "max", "floor", "ceil",
        "eq", "ne", "lt", "le", "gt", "ge", "select", "cast",
      ]),
    );
    expect(fold(s.cast(constant(1 / 3, "float64"), "float32"))).toBe(Math.fround(1 / 3));
    expect(fold(s.cast(constant(-1, "int32"), "uint8"))).toBe(255);
  });

  it("leaves to the kernel what saturates, and what the coordinates decide", () => {
    expect(fold(s.cast(constant(300, "float32"), "uint8"))).toBeNull();
    expect(fold(s.cast(index(0), "float32"))).toBeNull();
    expect(fold(load(0, "float32", [index(0)], s.lt(index(0), 2)), [7])).toBeNull();
    expect(fold(load(0, "float32", [index(0)]), [0.1])).toBe(Math.fround(0.1));
  });

  it("computes shared parts once", () => {
    let e: Expr = constant(1, "float64");
    for (let i = 0; i < 100; i++) e = s.add(e, e);
    expect(fold(e)).toBe(2 ** 100);
  });
});

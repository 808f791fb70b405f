import fc from "fast-check";
import { NATIVE_MATHS } from "../../src/backends/reference/native-maths.ts";
import { evaluator } from "../../src/ir/evaluate.ts";
import { constant, type Expr, index, load, range, s } from "../../src/ir/expr.ts";

/** Expressions over two coordinates, one range and two float32 inputs of two axes. */
export function arbitraryExpr(): fc.Arbitrary<Expr> {
  const { float } = fc.letrec<{ float: Expr; int: Expr; bool: Expr }>((tie) => {
    const pair = (kind: "float" | "int" | "bool") => fc.tuple(tie(kind), tie(kind));
    return {
      int: fc.oneof(
        { depthSize: "small" },
        fc.nat(1).map((axis): Expr => index(axis)),
        fc.constant<Expr>(range(0)),
        fc.integer({ min: -3, max: 3 }).map((n): Expr => constant(n, "int32")),
        pair("int").map(([a, b]) => s.add(a, b)),
        pair("int").map(([a, b]) => s.mod(a, b)),
      ),
      bool: fc.oneof(
        { depthSize: "small" },
        pair("int").map(([a, b]) => s.lt(a, b)),
        pair("bool").map(([a, b]) => s.and(a, b)),
        tie("bool").map((a) => s.not(a)),
      ),
      float: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom(0, -0, 1, 0.5, -2).map((x): Expr => constant(x, "float32")),
        fc.tuple(fc.nat(1), tie("int"), tie("int")).map(([i, a, b]): Expr => load(i, "float32", [a, b])),
        fc
          .tuple(fc.nat(1), tie("int"), tie("int"), tie("bool"))
          .map(([i, a, b, g]): Expr => load(i, "float32", [a, b], g)),
        pair("float").map(([a, b]) => s.add(a, b)),
        pair("float").map(([a, b]) => s.mul(a, b)),
        tie("float").map((a) => s.tanh(a)),
        tie("int").map((a) => s.cast(a, "float32")),
        fc.tuple(tie("bool"), tie("float"), tie("float")).map(([c, a, b]) => s.select(c, a, b)),
      ),
    };
  });
  return float;
}

/** The value at these coordinates; input k holds at [i, j] a number of its own. */
export function evaluateAt(e: Expr, at: readonly number[], along: readonly number[]): number {
  const read = (input: number, [i, j]: readonly number[]): number =>
    Math.fround(Math.sin(1 + input * 7 + i * 3 + j * 5));
  return evaluator(e, { index: at, range: along, load: read, maths: NATIVE_MATHS })();
}

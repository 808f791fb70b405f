import type { Spec } from "../graph/op.ts";
import { type Expr, index, load } from "../ir/expr.ts";

/** The coordinates of the output element, for an input of the same shape. */
export function coordinates(rank: number): Expr[] {
  return Array.from({ length: rank }, (_, axis) => index(axis));
}

/** The element of input `at` that has the output's coordinates. */
export function element(inputs: readonly Spec[], at: number): Expr {
  const { shape, dtype } = inputs[at];
  return load(at, dtype, coordinates(shape.length));
}

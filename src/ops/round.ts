import { isFloat } from "../core/dtype.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Numbered } from "./result-dtype.ts";

/** The nearest integer, and of two the even one, as in NumPy; flat, so nothing flows back. */
export const roundOp: Op = unary({
  name: "round",
  takes: "number",
  scalar: (x) => (isFloat(x.dtype) ? s.round(x) : x),
});

/** Rounds to the nearest integer, halves to the even one, elementwise. */
export function round<A extends Tensor>(x: A): Tensor<S_<A>, Numbered<D_<A>>> {
  return applyUnary(roundOp, "number", x);
}

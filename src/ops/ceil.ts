import { isFloat } from "../core/dtype.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Numbered } from "./result-dtype.ts";

/** The least integer >= x, a float for a float; flat, so nothing flows back. */
export const ceilOp: Op = unary({
  name: "ceil",
  takes: "number",
  scalar: (x) => (isFloat(x.dtype) ? s.ceil(x) : x),
});

/** Rounds up to an integer, elementwise. */
export function ceil<A extends Tensor>(x: A): Tensor<S_<A>, Numbered<D_<A>>> {
  return applyUnary(ceilOp, "number", x);
}

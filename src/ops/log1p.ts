import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Floated } from "./result-dtype.ts";

/** ln(1 + x), precise near 0; its derivative is 1 / (1 + x). */
export const log1pOp: Op = unary({
  name: "log1p",
  takes: "float",
  scalar: s.log1p,
  grad: ([dy], { inputs: [x] }, o) => [o.div(dy, o.add(1, x))],
});

/** ln(1 + x) without the loss of digits near 0, elementwise. */
export function log1p<A extends Tensor>(x: A): Tensor<S_<A>, Floated<D_<A>>> {
  return applyUnary(log1pOp, "float", x);
}

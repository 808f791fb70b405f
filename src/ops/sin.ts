import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Floated } from "./result-dtype.ts";

/** sin x; its derivative is cos x. */
export const sinOp: Op = unary({
  name: "sin",
  takes: "float",
  scalar: s.sin,
  grad: ([dy], { inputs: [x] }, o) => [o.mul(dy, o.cos(x))],
});

/** The sine of x radians, elementwise. */
export function sin<A extends Tensor>(x: A): Tensor<S_<A>, Floated<D_<A>>> {
  return applyUnary(sinOp, "float", x);
}

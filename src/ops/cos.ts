import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Floated } from "./result-dtype.ts";

/** cos x; its derivative is -sin x. */
export const cosOp: Op = unary({
  name: "cos",
  takes: "float",
  scalar: s.cos,
  grad: ([dy], { inputs: [x] }, o) => [o.neg(o.mul(dy, o.sin(x)))],
});

/** The cosine of x radians, elementwise. */
export function cos<A extends Tensor>(x: A): Tensor<S_<A>, Floated<D_<A>>> {
  return applyUnary(cosOp, "float", x);
}

import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Floated } from "./result-dtype.ts";

/** softplus(x) = log(1 + e^x) = max(x, 0) + log1p(e^-|x|), which does not overflow; its derivative is sigmoid(x). */
export const softplusOp: Op = unary({
  name: "softplus",
  takes: "float",
  scalar: (x) => s.add(s.max(x, 0), s.log1p(s.exp(s.neg(s.abs(x))))),
  grad: ([dy], { inputs: [x] }, o) => [o.mul(dy, o.sigmoid(x))],
});

/** log(1 + e^x), elementwise: a smooth relu; ints become floats. */
export function softplus<A extends Tensor>(x: A): Tensor<S_<A>, Floated<D_<A>>> {
  return applyUnary(softplusOp, "float", x);
}

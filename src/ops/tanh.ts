import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Floated } from "./result-dtype.ts";

/** tanh(x) = (e^x - e^-x) / (e^x + e^-x); its derivative is 1 - tanh(x)^2. */
export const tanhOp: Op = unary({
  name: "tanh",
  takes: "float",
  scalar: s.tanh,
  grad: ([dy], { outputs: [y] }, o) => [o.mul(dy, o.sub(1, o.mul(y, y)))],
});

/** The hyperbolic tangent, elementwise; ints become floats. */
export function tanh<A extends Tensor>(x: A): Tensor<S_<A>, Floated<D_<A>>> {
  return applyUnary(tanhOp, "float", x);
}

import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Floated } from "./result-dtype.ts";

/** sigmoid(x) = 1 / (1 + e^-x); its derivative is y (1 - y). */
export const sigmoidOp: Op = unary({
  name: "sigmoid",
  takes: "float",
  scalar: s.sigmoid,
  grad: ([dy], { outputs: [y] }, o) => [o.mul(dy, o.mul(y, o.sub(1, y)))],
});

/** The logistic function, elementwise, in (0, 1). */
export function sigmoid<A extends Tensor>(x: A): Tensor<S_<A>, Floated<D_<A>>> {
  return applyUnary(sigmoidOp, "float", x);
}

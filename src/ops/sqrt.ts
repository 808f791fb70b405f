import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Floated } from "./result-dtype.ts";

/** x^(1/2); its derivative is 1 / (2 sqrt(x)). */
export const sqrtOp: Op = unary({
  name: "sqrt",
  takes: "float",
  scalar: s.sqrt,
  grad: ([dy], { outputs: [y] }, o) => [o.div(dy, o.mul(2, y))],
});

/** The square root, elementwise; NaN below 0. */
export function sqrt<A extends Tensor>(x: A): Tensor<S_<A>, Floated<D_<A>>> {
  return applyUnary(sqrtOp, "float", x);
}

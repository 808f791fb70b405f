import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Floated } from "./result-dtype.ts";

/** ln x; its derivative is 1 / x. */
export const logOp: Op = unary({
  name: "log",
  takes: "float",
  scalar: s.log,
  grad: ([dy], { inputs: [x] }, o) => [o.div(dy, x)],
});

/** The natural logarithm, elementwise: -Infinity at 0, NaN below. */
export function log<A extends Tensor>(x: A): Tensor<S_<A>, Floated<D_<A>>> {
  return applyUnary(logOp, "float", x);
}

import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Numbered } from "./result-dtype.ts";

/** x^2; its derivative is 2x. */
export const squareOp: Op = unary({
  name: "square",
  takes: "number",
  scalar: (x) => s.mul(x, x),
  grad: ([dy], { inputs: [x] }, o) => [o.mul(dy, o.mul(2, x))],
});

/** x * x, elementwise. */
export function square<A extends Tensor>(x: A): Tensor<S_<A>, Numbered<D_<A>>> {
  return applyUnary(squareOp, "number", x);
}

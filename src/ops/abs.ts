import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Numbered } from "./result-dtype.ts";

/** |x|; its derivative is sign(x), and 0 at 0. */
export const absOp: Op = unary({
  name: "abs",
  takes: "number",
  scalar: s.abs,
  grad: ([dy], { inputs: [x] }, o) => [o.mul(dy, o.sign(x))],
});

/** The absolute value, elementwise. */
export function abs<A extends Tensor>(x: A): Tensor<S_<A>, Numbered<D_<A>>> {
  return applyUnary(absOp, "number", x);
}

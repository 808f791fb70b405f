import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Numbered } from "./result-dtype.ts";

/**
 * relu(x) = max(x, 0), which keeps NaN; relu'(0) = 0.
 * The gradient looks at y, not x (y <= 0 where x <= 0): x need not be kept, and a product can end in relu.
 */
export const reluOp: Op = unary({
  name: "relu",
  takes: "number",
  scalar: (x) => s.select(s.le(x, 0), 0, x),
  grad: ([dy], { outputs: [y] }, o) => [o.where(o.lessEqual(y, 0), 0, dy)],
});

/** max(x, 0), elementwise. */
export function relu<A extends Tensor>(x: A): Tensor<S_<A>, Numbered<D_<A>>> {
  return applyUnary(reluOp, "number", x);
}

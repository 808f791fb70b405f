import { nodeOfOp } from "../graph/node.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Numbered } from "./result-dtype.ts";

/** -x; d(-x) = -dx. */
export const negOp: Op = unary({
  name: "neg",
  takes: "number",
  scalar: s.neg,
  grad: ([dy], _ctx, o) => [o.neg(dy)],
  simplify: ([x]) => nodeOfOp(x, negOp)?.inputs[0] ?? null,
});

/** -x, elementwise. */
export function neg<A extends Tensor>(x: A): Tensor<S_<A>, Numbered<D_<A>>> {
  return applyUnary(negOp, "number", x);
}

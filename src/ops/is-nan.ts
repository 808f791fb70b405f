import type { Op } from "../graph/op.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";

/** x != x holds for NaN alone. */
export const isNaNOp: Op = unary({
  name: "isNaN",
  takes: "any",
  gives: "bool",
  scalar: (x) => s.ne(x, x),
});

/** Whether each value is NaN. */
export function isNaN<A extends Tensor>(x: A): Tensor<S_<A>, "bool"> {
  return applyUnary(isNaNOp, "any", x);
}

import { nodeOfOp } from "../graph/node.ts";
import type { Op } from "../graph/op.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";

/** not x. */
export const logicalNotOp: Op = unary({
  name: "logicalNot",
  takes: "bool",
  gives: "bool",
  scalar: s.not,
  simplify: ([x]) => nodeOfOp(x, logicalNotOp)?.inputs[0] ?? null,
});

/** Whether each value is false; bool only. */
export function logicalNot<A extends Tensor>(x: A): Tensor<S_<A>, "bool"> {
  return applyUnary(logicalNotOp, "bool", x);
}

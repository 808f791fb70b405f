import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import type { Broadcast } from "./broadcast.ts";
import { applyBinary, binary } from "./builders.ts";

/** a and b. */
export const logicalAndOp: Op = binary({
  name: "logicalAnd",
  takes: "bool",
  gives: "bool",
  scalar: s.and,
});

/** a and b of bools, with NumPy's broadcasting. */
export function logicalAnd<A extends Tensor | number, B extends Tensor | number>(
  a: A,
  b: B & Check<Broadcast<S_<A>, S_<B>>>,
): Tensor<Out<Broadcast<S_<A>, S_<B>>>, "bool"> {
  return applyBinary(logicalAndOp, "bool", a, b);
}

import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import type { Broadcast } from "./broadcast.ts";
import { applyBinary, binary } from "./builders.ts";

/** a <= b: false where either is NaN. */
export const lessEqualOp: Op = binary({
  name: "lessEqual",
  takes: "number",
  gives: "bool",
  scalar: s.le,
});

/** a <= b as bools, with NumPy's broadcasting. */
export function lessEqual<A extends Tensor | number, B extends Tensor | number>(
  a: A,
  b: B & Check<Broadcast<S_<A>, S_<B>>>,
): Tensor<Out<Broadcast<S_<A>, S_<B>>>, "bool"> {
  return applyBinary(lessEqualOp, "number", a, b);
}

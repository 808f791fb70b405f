import type { Promote } from "../core/dtype.ts";
import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import type { Broadcast } from "./broadcast.ts";
import { applyBinary, binary } from "./builders.ts";
import { constantValue } from "./constant.ts";
import type { Numbered } from "./result-dtype.ts";

/** a - b; d(a - b) = da - db. */
export const subOp: Op = binary({
  name: "sub",
  takes: "number",
  scalar: s.sub,
  grad: ([dy], _ctx, o) => [dy, o.neg(dy)],
  // x - 0 keeps -0.
  simplify: ([a, b]) => (Object.is(constantValue(b), 0) ? a : null),
});

/** a - b with NumPy's broadcasting. */
export function sub<A extends Tensor | number, B extends Tensor | number>(
  a: A,
  b: B & Check<Broadcast<S_<A>, S_<B>>>,
): Tensor<Out<Broadcast<S_<A>, S_<B>>>, Numbered<Promote<D_<A>, D_<B>>>> {
  return applyBinary(subOp, "number", a, b);
}

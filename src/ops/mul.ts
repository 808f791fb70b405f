import type { Promote } from "../core/dtype.ts";
import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import type { Broadcast } from "./broadcast.ts";
import { applyBinary, binary } from "./builders.ts";
import { constantValue } from "./constant.ts";
import type { Numbered } from "./result-dtype.ts";

/** a * b; d(ab) = b da + a db. */
export const mulOp: Op = binary({
  name: "mul",
  takes: "number",
  scalar: s.mul,
  grad: ([dy], { inputs: [a, b] }, o) => [o.mul(dy, b), o.mul(dy, a)],
  simplify: ([a, b]) => (constantValue(b) === 1 ? a : constantValue(a) === 1 ? b : null),
});

/** a * b with NumPy's broadcasting. */
export function mul<A extends Tensor | number, B extends Tensor | number>(
  a: A,
  b: B & Check<Broadcast<S_<A>, S_<B>>>,
): Tensor<Out<Broadcast<S_<A>, S_<B>>>, Numbered<Promote<D_<A>, D_<B>>>> {
  return applyBinary(mulOp, "number", a, b);
}

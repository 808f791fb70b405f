import type { Promote } from "../core/dtype.ts";
import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import type { Broadcast } from "./broadcast.ts";
import { applyBinary, binary } from "./builders.ts";
import type { Numbered } from "./result-dtype.ts";

/** The lesser of a and b, NaN where either is; the gradient goes to it, and all of it to a where they are equal. */
export const minimumOp: Op = binary({
  name: "minimum",
  takes: "number",
  scalar: s.min,
  grad: ([dy], { inputs: [a, b] }, o) => {
    const first = o.lessEqual(a, b);
    return [o.where(first, dy, 0), o.where(first, 0, dy)];
  },
});

/** The lesser of a and b with NumPy's broadcasting; NaN where either is NaN. */
export function minimum<A extends Tensor | number, B extends Tensor | number>(
  a: A,
  b: B & Check<Broadcast<S_<A>, S_<B>>>,
): Tensor<Out<Broadcast<S_<A>, S_<B>>>, Numbered<Promote<D_<A>, D_<B>>>> {
  return applyBinary(minimumOp, "number", a, b);
}

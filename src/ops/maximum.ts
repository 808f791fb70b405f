import type { Promote } from "../core/dtype.ts";
import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import type { Broadcast } from "./broadcast.ts";
import { applyBinary, binary } from "./builders.ts";
import type { Numbered } from "./result-dtype.ts";

/** The greater of a and b, NaN where either is; the gradient goes to it, and all of it to a where they are equal. */
export const maximumOp: Op = binary({
  name: "maximum",
  takes: "number",
  scalar: s.max,
  grad: ([dy], { inputs: [a, b] }, o) => {
    const first = o.greaterEqual(a, b);
    return [o.where(first, dy, 0), o.where(first, 0, dy)];
  },
});

/** The greater of a and b with NumPy's broadcasting; NaN where either is NaN. */
export function maximum<A extends Tensor | number, B extends Tensor | number>(
  a: A,
  b: B & Check<Broadcast<S_<A>, S_<B>>>,
): Tensor<Out<Broadcast<S_<A>, S_<B>>>, Numbered<Promote<D_<A>, D_<B>>>> {
  return applyBinary(maximumOp, "number", a, b);
}

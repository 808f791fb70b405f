import type { Promote } from "../core/dtype.ts";
import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import type { Broadcast } from "./broadcast.ts";
import { applyBinary, binary } from "./builders.ts";
import { constantValue } from "./constant.ts";
import type { Floated } from "./result-dtype.ts";

/** y = a / b; dy = (da - y db) / b. */
export const divOp: Op = binary({
  name: "div",
  takes: "float",
  scalar: s.div,
  grad: ([dy], { inputs: [, b], outputs: [y] }, o) => {
    const da = o.div(dy, b);
    return [da, o.neg(o.mul(da, y))];
  },
  simplify: ([a, b]) => (constantValue(b) === 1 ? a : null),
});

/** a / b with NumPy's broadcasting; ints become floats. */
export function div<A extends Tensor | number, B extends Tensor | number>(
  a: A,
  b: B & Check<Broadcast<S_<A>, S_<B>>>,
): Tensor<Out<Broadcast<S_<A>, S_<B>>>, Floated<Promote<D_<A>, D_<B>>>> {
  return applyBinary(divOp, "float", a, b);
}

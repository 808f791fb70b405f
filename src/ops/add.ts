import { isFloat, type Promote } from "../core/dtype.ts";
import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import type { Broadcast } from "./broadcast.ts";
import { applyBinary, binary } from "./builders.ts";
import { constantValue } from "./constant.ts";
import type { Numbered } from "./result-dtype.ts";

/** a + b; d(a + b) = da + db. */
export const addOp: Op = binary({
  name: "add",
  takes: "number",
  scalar: s.add,
  grad: ([dy]) => [dy, dy],
  // -0 + 0 is 0: only -0 leaves a float as it is.
  simplify: ([a, b]) => (isNothing(b) ? a : isNothing(a) ? b : null),
});

function isNothing(x: Tensor): boolean {
  const value = constantValue(x);
  return value === 0 && (Object.is(value, -0) || !isFloat(x.dtype));
}

/** a + b with NumPy's broadcasting. */
export function add<A extends Tensor | number, B extends Tensor | number>(
  a: A,
  b: B & Check<Broadcast<S_<A>, S_<B>>>,
): Tensor<Out<Broadcast<S_<A>, S_<B>>>, Numbered<Promote<D_<A>, D_<B>>>> {
  return applyBinary(addOp, "number", a, b);
}

import { isFloat, type Promote } from "../core/dtype.ts";
import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { type Expr, s } from "../ir/expr.ts";
import type { Broadcast } from "./broadcast.ts";
import { applyBinary, binary } from "./builders.ts";
import type { Numbered } from "./result-dtype.ts";

/** a - b floor(a / b), which has b's sign, as in Python; da = dy, db = -floor(a / b) dy. Of ints, a mod 0 is 0. */
export const modOp: Op = binary({
  name: "mod",
  takes: "number",
  scalar: (a, b) =>
    isFloat(a.dtype) ? floatMod(a, b) : s.cast(s.mod(s.cast(a, "int32"), s.cast(b, "int32")), a.dtype),
  grad: ([dy], { inputs: [a, b] }, o) => [dy, o.neg(o.mul(dy, o.floor(o.div(a, b))))],
});

/**
 * Float32 is computed in float64, where quotients below 2^29 round to no wrong integer and the product is exact.
 * An infinite b leaves an a of its sign (the formula would give NaN), and otherwise yields b.
 */
function floatMod(a: Expr, b: Expr): Expr {
  const x = s.cast(a, "float64");
  const y = s.cast(b, "float64");
  const remainder = s.cast(s.sub(x, s.mul(y, s.floor(s.div(x, y)))), a.dtype);
  const oneSide = s.or(s.eq(a, 0), s.select(s.lt(b, 0), s.lt(a, 0), s.gt(a, 0)));
  const beyond = s.and(s.eq(s.abs(b), Number.POSITIVE_INFINITY), s.lt(s.abs(a), Number.POSITIVE_INFINITY));
  return s.select(beyond, s.select(oneSide, a, b), remainder);
}

/** The remainder of a / b, with the sign of b; NumPy's broadcasting. */
export function mod<A extends Tensor | number, B extends Tensor | number>(
  a: A,
  b: B & Check<Broadcast<S_<A>, S_<B>>>,
): Tensor<Out<Broadcast<S_<A>, S_<B>>>, Numbered<Promote<D_<A>, D_<B>>>> {
  return applyBinary(modOp, "number", a, b);
}

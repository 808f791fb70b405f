import { isFloat, type Promote } from "../core/dtype.ts";
import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import { type D_, type S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import type { Broadcast } from "./broadcast.ts";
import { applyBinary, binary } from "./builders.ts";
import { castTo } from "./cast.ts";
import { mul } from "./mul.ts";
import { reciprocal } from "./reciprocal.ts";
import type { Floated } from "./result-dtype.ts";
import { sqrt } from "./sqrt.ts";
import { square } from "./square.ts";

/**
 * y = a^b; da = b a^(b - 1) dy, db = y ln(a) dy.
 * At b = 0, da is 0 though a^-1 may be infinite; at a <= 0, where ln(a) has no value, db is 0.
 */
export const powOp: Op = binary({
  name: "pow",
  takes: "float",
  scalar: s.pow,
  grad: ([dy], { inputs: [a, b], outputs: [y] }, o) => {
    const flat = o.equal(b, 0);
    const slope = o.mul(b, o.pow(a, o.where(flat, 1, o.sub(b, 1))));
    const unknown = o.lessEqual(a, 0);
    const ln = o.log(o.where(unknown, 1, a));
    return [o.mul(dy, o.where(flat, 0, slope)), o.mul(dy, o.where(unknown, 0, o.mul(y, ln)))];
  },
});

/**
 * a^b with NumPy's broadcasting. Ints become floats, except to a JavaScript number that is a whole exponent >= 0:
 * an int32 squared is an int32. The exponents -1, 0.5, 1, 2 and 3 are computed without logarithms.
 */
export function pow<A extends Tensor | number, B extends Tensor | number>(
  a: A,
  b: B & Check<Broadcast<S_<A>, S_<B>>>,
): Tensor<Out<Broadcast<S_<A>, S_<B>>>, Floated<Promote<D_<A>, D_<B>>>> {
  const simple = a instanceof Tensor && typeof b === "number" ? simplePower(a, b) : null;
  return simple ?? applyBinary(powOp, "float", a, b);
}

function simplePower(x: Tensor, exponent: number): Tensor | null {
  if (exponent === 2) return square(x);
  if (exponent === 3) return mul(square(x), x);
  if (exponent === -1) return reciprocal(x);
  if (exponent === 0.5) return sqrt(x);
  if (exponent === 1) return x.dtype === "bool" ? castTo(x, "int32") : x;
  const whole = Number.isInteger(exponent) && exponent > 0;
  return whole && !isFloat(x.dtype) && x.dtype !== "uint32" ? intPower(x, exponent) : null;
}

/** x^n by squaring: x^13 = x^8 x^4 x. */
function intPower(x: Tensor, n: number): Tensor {
  if (n === 1) return x;
  const root = square(intPower(x, Math.floor(n / 2)));
  return n % 2 === 1 ? mul(root, x) : root;
}

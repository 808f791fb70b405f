import { constant, type Expr, s } from "../expr.ts";
import { polynomial, precisionOf } from "./forms.ts";

/** x = n pi/2 + r + tail, |r| <= pi/4. */
interface Quarter {
  readonly n: Expr;
  readonly r: Expr;
  readonly tail: Expr | null;
}

/** sin r = r + r^3 S(r^2) and cos r = 1 + r^2 C(r^2). Constants from FreeBSD's msun: k_sinf.c and k_cosf.c. */
const S_FLOAT32 = [-0.16666666641626524, 0.008333329385889463, -0.00019839334836096632, 2.718311493989822e-6];
const C_FLOAT32 = [-0.499999997251031, 0.04166662332373906, -0.001388676377460993, 2.439044879627741e-5];
/** From fdlibm: k_sin.c and k_cos.c; the first of S and C, -1/6 and -1/2, stand in the formulas. */
const S1 = -0.16666666666666632;
const S_FLOAT64 = [
  0.00833333333332249, -0.0001984126982985795, 2.7557313707070068e-6, -2.5050760253406863e-8, 1.58969099521155e-10,
];
const C_FLOAT64 = [
  0.0416666666666666, -0.001388888888887411, 2.480158728947673e-5, -2.7557314351390663e-7, 2.087572321298175e-9,
  -1.1359647557788195e-11,
];

/** pi/2 in parts: 25 and 53 bits (e_rem_pio2f.c), and 33, 33 and 53 bits (e_rem_pio2.c). */
const PIO2_25 = 1.5707963109016418;
const PIO2_25_REST = 1.5893254773528196e-8;
const PIO2_33 = 1.5707963267341256;
const PIO2_66 = 6.077100506303966e-11;
const PIO2_66_REST = 2.0222662487959506e-21;

/** float32 computes in float64: n times 25 bits is exact up to |x| = 2^28 pi/2. */
function quarterOfFloat32(x: Expr): Quarter {
  const n = s.round(s.mul(x, 2 / Math.PI));
  const r = s.sub(s.sub(x, s.mul(n, PIO2_25)), s.mul(n, PIO2_25_REST));
  return { n, r: bounded(r), tail: null };
}

/** n times 33 bits is exact up to |x| = 2^20 pi/2; the second subtraction's rounding goes into the tail. */
function quarterOfFloat64(x: Expr): Quarter {
  const n = s.round(s.mul(x, 2 / Math.PI));
  const first = s.sub(x, s.mul(n, PIO2_33));
  const taken = s.mul(n, PIO2_66);
  const second = s.sub(first, taken);
  const lost = s.sub(s.mul(n, PIO2_66_REST), s.sub(s.sub(first, second), taken));
  const r = s.sub(second, lost);
  return { n, r: bounded(r), tail: bounded(s.sub(s.sub(second, r), lost), 2 ** -52) };
}

/** Far out r and tail are noise: held to what they can be, the result stays within [-1, 1]. NaN stays. */
function bounded(x: Expr, most = 0.7854): Expr {
  return s.max(s.min(x, most), -most);
}

function sinOfQuarter({ r, tail }: Quarter): Expr {
  const z = s.mul(r, r);
  const cube = s.mul(z, r);
  if (tail === null) return s.add(r, s.mul(cube, polynomial(z, S_FLOAT32)));
  const rest = s.sub(s.mul(z, s.sub(s.mul(tail, 0.5), s.mul(cube, polynomial(z, S_FLOAT64)))), tail);
  return s.sub(r, s.sub(rest, s.mul(cube, S1)));
}

function cosOfQuarter({ r, tail }: Quarter): Expr {
  const z = s.mul(r, r);
  if (tail === null) return s.add(s.mul(z, polynomial(z, C_FLOAT32)), 1);
  const half = s.mul(z, 0.5);
  const w = s.sub(1, half);
  const rest = s.sub(s.mul(z, s.mul(z, polynomial(z, C_FLOAT64))), s.mul(r, tail));
  return s.add(w, s.add(s.sub(s.sub(1, w), half), rest));
}

/** sin(x + turn pi/2): by n mod 4 it is sin r, cos r, -sin r or -cos r. */
export function sinAt(x: Expr, turn: 0 | 1): Expr {
  const isFloat32 = precisionOf(x, "sin") === "float32";
  const wide = s.cast(x, "float64");
  const quarter = isFloat32 ? quarterOfFloat32(wide) : quarterOfFloat64(wide);
  const turned = turn === 0 ? quarter.n : s.add(quarter.n, turn);
  const q = s.sub(turned, s.mul(s.floor(s.mul(turned, 0.25)), 4));
  const isCos = s.or(s.eq(q, 1), s.eq(q, 3));
  const y = s.select(isCos, cosOfQuarter(quarter), sinOfQuarter(quarter));
  return s.cast(s.select(s.ge(q, 2), s.neg(y), y), x.dtype);
}

/**
 * sin x. Up to |x| = 4e8 (float32) and 1e6 (float64) right to the bounds of bounds.ts; beyond, the error grows as
 * if x were off by an ulp, and very far out only -1 <= y <= 1 holds.
 */
export function expandSin(x: Expr): Expr {
  return s.select(s.eq(x, constant(0, x.dtype)), x, sinAt(x, 0)); // keeps -0
}

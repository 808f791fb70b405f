import { constant, type Expr, s } from "../expr.ts";
import { atLeast, atMost, type PerPrecision, polynomial, precisionOf } from "./forms.ts";

/** k and p with e^x = 2^k (1 + p), where k is an integer and |p| < 0.42. */
export interface ExpParts {
  readonly k: Expr;
  readonly p: Expr;
}

/**
 * ln 2 = HIGH + LOW, where k HIGH is exact (Cody and Waite). float32's from Cephes (S. Moshier, expf.c), float64's
 * from fdlibm (Sun, e_exp.c).
 */
export const LN2_HIGH: PerPrecision<number> = { float32: 0.693359375, float64: 0.6931471803691238 };
export const LN2_LOW: PerPrecision<number> = { float32: -2.1219444e-4, float64: 1.9082149292705877e-10 };

/** e^r - 1 = r + r^2 P(r): scripts/fit-exp.mjs. */
const P_FLOAT32 = [0.5, 0.1666653901, 0.04166661203, 0.008367099799, 0.001391761936];
/** r (e^r + 1) / (e^r - 1) = 2 + r^2 P(r^2): fdlibm, e_exp.c. */
const P_FLOAT64 = [
  0.16666666666666602, -0.0027777777777015593, 6.613756321437934e-5, -1.6533902205465252e-6, 4.1381367970572385e-8,
];

/** e^x = 2^k e^r, k = round(x / ln 2), |r| <= ln(2) / 2. `tail` is a correction that x cannot hold. */
export function expParts(x: Expr, tail?: Expr): ExpParts {
  const precision = precisionOf(x, "exp");
  const k = s.round(s.mul(x, Math.LOG2E));
  const high = s.sub(x, s.mul(k, LN2_HIGH[precision]));
  const product = s.mul(k, LN2_LOW[precision]);
  const low = tail === undefined ? product : s.sub(product, tail);
  return { k, p: precision === "float32" ? expm1OfFloat32(s.sub(high, low)) : expm1OfFloat64(high, low) };
}

function expm1OfFloat32(r: Expr): Expr {
  return s.add(r, s.mul(s.mul(r, r), polynomial(r, P_FLOAT32)));
}

/** With c = r - r^2 P(r^2): e^r - 1 = r + r c / (2 - c), where r = high - low. */
function expm1OfFloat64(high: Expr, low: Expr): Expr {
  const r = s.sub(high, low);
  const r2 = s.mul(r, r);
  const c = s.sub(r, s.mul(r2, polynomial(r2, P_FLOAT64)));
  return s.sub(high, s.sub(low, s.div(s.mul(r, c), s.sub(2, c))));
}

/** Beyond these e^x is 0 and infinity. Inside, k stays small enough for scaleByPowerOfTwo and for exact products. */
const LEAST: PerPrecision<number> = { float32: -104, float64: -746 };
const GREATEST: PerPrecision<number> = { float32: 89, float64: 710 };

/** e^(x + tail). */
export function expandExp(x: Expr, tail?: Expr): Expr {
  const precision = precisionOf(x, "exp");
  const { k, p } = expParts(atLeast(atMost(x, GREATEST[precision]), LEAST[precision]), tail);
  return s.scaleByPowerOfTwo(s.add(p, constant(1, precision)), k);
}

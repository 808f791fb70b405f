import { constant, type Expr, s } from "../expr.ts";
import { expParts } from "./exp.ts";
import { atMost, type PerPrecision, polynomial, precisionOf } from "./forms.ts";

/** From here on tanh rounds to 1. */
const GREATEST: PerPrecision<number> = { float32: 10, float64: 20 };

/** tanh x = x + x^3 T(x^2) for |x| < 0.625. From Cephes (S. Moshier): tanhf.c, and the quotient of tanh.c. */
const T_FLOAT32 = [-3.33332819422e-1, 1.33314422036e-1, -5.37397155531e-2, 2.06390887954e-2, -5.70498872745e-3];
const T_NUMERATOR = [-1614.6876844170845, -99.28772310019185, -0.9643991794250523];
const T_DENOMINATOR = [4844.063053251255, 2235.4883906010045, 112.81167849163293, 1];

/** tanh |x| = 1 - 2 / (e^(2 |x|) + 1); near 0, where that cancels, x (1 + x^2 T(x^2)), which keeps -0. */
export function expandTanh(x: Expr): Expr {
  const precision = precisionOf(x, "tanh");
  const magnitude = s.abs(x);
  const a = atMost(magnitude, GREATEST[precision]);
  const { k, p } = expParts(s.add(a, a));
  const power = s.scaleByPowerOfTwo(s.add(p, 1), k);
  const far = s.sub(1, s.div(constant(2, precision), s.add(power, 1)));
  const z = s.mul(x, x);
  const t =
    precision === "float32"
      ? polynomial(z, T_FLOAT32)
      : s.div(polynomial(z, T_NUMERATOR), polynomial(z, T_DENOMINATOR));
  const near = s.mul(x, s.add(s.mul(z, t), 1));
  return s.select(s.lt(magnitude, 0.625), near, s.select(s.lt(x, 0), s.neg(far), far));
}

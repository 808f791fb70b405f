import { constant, type Expr, s } from "../expr.ts";
import { expParts } from "./exp.ts";
import { atLeast, atMost, type PerPrecision, precisionOf } from "./forms.ts";

/** Below the first e^x rounds to 0; from the second on the quotient rounds to 1. */
const LEAST: PerPrecision<number> = { float32: -104, float64: -746 };
const GREATEST: PerPrecision<number> = { float32: 20, float64: 40 };

/**
 * 1 / (1 + e^-x) = t / (t + e^-r), where x = k ln 2 + r and t = 2^k: t fades into the subnormals where e^-x would have
 * overflowed. With e^-r = 1 + p the sum is (t + p) + 1, since 1 + t would lose a small t.
 */
export function expandSigmoid(x: Expr): Expr {
  const precision = precisionOf(x, "sigmoid");
  const { k, p } = expParts(s.neg(atLeast(atMost(x, GREATEST[precision]), LEAST[precision])));
  const t = s.scaleByPowerOfTwo(constant(1, precision), s.neg(k));
  return s.div(t, s.add(s.add(t, p), 1));
}

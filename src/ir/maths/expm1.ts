import { constant, type Expr, s } from "../expr.ts";
import { expParts } from "./exp.ts";
import { atLeast, atMost, type PerPrecision, precisionOf } from "./forms.ts";

/** Below the first e^x - 1 rounds to -1; beyond the second it is infinite. */
const LEAST: PerPrecision<number> = { float32: -18, float64: -38 };
const GREATEST: PerPrecision<number> = { float32: 89, float64: 710 };

/**
 * e^x - 1 = 2^k p + (2^k - 1), in halves, since 2^k overflows before e^x does. For k = 0 it is p: halves would lose
 * the last bit of subnormals.
 */
export function expandExpm1(x: Expr): Expr {
  const precision = precisionOf(x, "expm1");
  const { k, p } = expParts(atLeast(atMost(x, GREATEST[precision]), LEAST[precision]));
  const half = s.scaleByPowerOfTwo(constant(0.5, precision), k);
  const sum = s.add(s.mul(half, p), s.sub(half, 0.5));
  const y = s.select(s.eq(k, 0), p, s.add(sum, sum));
  return s.select(s.eq(x, 0), x, y); // keeps -0
}

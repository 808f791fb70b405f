import { constant, type Expr, s } from "../expr.ts";
import { add, type DoubleWord, fastTwoSum, multiply, twoProduct, twoSum } from "./double-word.ts";
import { expandExp, LN2_HIGH, LN2_LOW } from "./exp.ts";
import { polynomial, precisionOf } from "./forms.ts";
import { expandLog, normalized } from "./log.ts";

/**
 * x^y, as IEEE 754 has it: x^0 = 1^y = 1 even for NaN; a negative x takes an integer y only; the sign is x's when y
 * is odd. float32 computes in float64.
 */
export function expandPow(x: Expr, y: Expr): Expr {
  if (precisionOf(x, "pow") === "float32") {
    return s.cast(withSign(s.cast(x, "float64"), s.cast(y, "float64"), powOfLog), "float32");
  }
  return withSign(x, y, powOfDoubleWordLog);
}

function withSign(x: Expr, y: Expr, power: (a: Expr, y: Expr) => Expr): Expr {
  const magnitude = s.abs(x);
  const one = constant(1, "float64");
  const isOne = s.or(s.eq(magnitude, 1), s.eq(y, 0));
  const result = s.select(isOne, one, power(magnitude, y));
  const isInteger = s.eq(s.trunc(y), y);
  const half = s.mul(y, 0.5);
  const isOdd = s.and(isInteger, s.ne(s.trunc(half), half));
  // mantissa has x's sign, that of -0 too.
  const isNegative = s.lt(s.mantissa(x), 0);
  const signed = s.select(s.and(isNegative, isOdd), s.neg(result), result);
  const isFiniteNegative = s.and(s.lt(x, 0), s.gt(x, Number.NEGATIVE_INFINITY));
  const undefinedHere = s.and(isFiniteNegative, s.not(isInteger));
  const checked = s.select(undefinedHere, constant(Number.NaN, "float64"), signed);
  return s.select(s.or(s.eq(x, 1), s.eq(y, 0)), one, checked);
}

/** e^(y log a): its error, some |y log a| ulps of float64, is far below float32's. */
function powOfLog(a: Expr, y: Expr): Expr {
  return expandExp(s.mul(y, expandLog(a)));
}

/** The same with a logarithm of some 66 bits, since an error of y log a, up to 745, becomes the result's own. */
function powOfDoubleWordLog(a: Expr, power: Expr): Expr {
  // |log a| >= 2^-53 unless a = 1, so a larger |y| overflows no further; its product must not.
  const y = s.max(s.min(power, 2 ** 70), -(2 ** 70));
  const log = logOfDoubleWord(a);
  const limits = s.select(
    s.eq(a, 0),
    constant(Number.NEGATIVE_INFINITY, "float64"),
    s.select(isFinite(a), log.high, a),
  );
  const high = s.mul(y, limits);
  const low = s.add(twoProduct(y, log.high).low, s.mul(y, log.low));
  return expandExp(high, s.select(s.lt(s.abs(high), 1000), low, 0));
}

function isFinite(a: Expr): Expr {
  return s.lt(a, Number.POSITIVE_INFINITY);
}

const TWO_THIRDS_LOW = 3.700743415417188e-17;
/** 2/5, 2/7, ... 2/23: the series of 2 atanh s, whose next term is below 2^-70 for s <= 0.1716. */
const SERIES = Array.from({ length: 10 }, (_, i) => 2 / (2 * i + 5));

/** log a = k ln 2 + 2 s + s^3 (2/3 + s^2 (2/5 + ...)) with s = (m - 1) / (m + 1); all but the series in double words. */
function logOfDoubleWord(a: Expr): DoubleWord {
  const { k, m } = normalized(a);
  const f = s.sub(m, 1);
  const ratio = divided(f, twoSum(m, constant(1, "float64")));
  const z = multiply(ratio, ratio);
  const tail = s.mul(z.high, polynomial(z.high, SERIES));
  const { high, low } = fastTwoSum(constant(2 / 3, "float64"), tail);
  const cube = multiply(multiply(ratio, z), { high, low: s.add(low, TWO_THIRDS_LOW) });
  const twice = { high: s.add(ratio.high, ratio.high), low: s.add(ratio.low, ratio.low) };
  const whole = twoSum(s.mul(k, LN2_HIGH.float64), s.mul(k, LN2_LOW.float64));
  return add(whole, add(twice, cube));
}

/** f / d: the quotient of the high words, and what is left of f over d. */
function divided(f: Expr, d: DoubleWord): DoubleWord {
  const high = s.div(f, d.high);
  const product = twoProduct(high, d.high);
  const left = s.sub(s.sub(s.sub(f, product.high), product.low), s.mul(high, d.low));
  return { high, low: s.div(left, d.high) };
}

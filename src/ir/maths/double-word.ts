import { type Expr, s } from "../expr.ts";

/** high + low, unevaluated: twice the digits of float64 (T. J. Dekker, 1971). */
export interface DoubleWord {
  readonly high: Expr;
  readonly low: Expr;
}

/** a + b, exactly (D. Knuth). */
export function twoSum(a: Expr, b: Expr): DoubleWord {
  const high = s.add(a, b);
  const part = s.sub(high, a);
  return { high, low: s.add(s.sub(a, s.sub(high, part)), s.sub(b, part)) };
}

/** a + b, exactly, for |a| >= |b|. */
export function fastTwoSum(a: Expr, b: Expr): DoubleWord {
  const high = s.add(a, b);
  return { high, low: s.sub(b, s.sub(high, a)) };
}

/** a = high + low, of 26 bits each (G. W. Veltkamp); |a| < 2^996. */
function split(a: Expr): DoubleWord {
  const c = s.mul(a, 2 ** 27 + 1);
  const high = s.sub(c, s.sub(c, a));
  return { high, low: s.sub(a, high) };
}

/** a b, exactly, where neither overflows nor underflows. */
export function twoProduct(a: Expr, b: Expr): DoubleWord {
  const high = s.mul(a, b);
  const x = split(a);
  const y = split(b);
  const first = s.sub(s.mul(x.high, y.high), high);
  const middle = s.add(s.add(first, s.mul(x.high, y.low)), s.mul(x.low, y.high));
  return { high, low: s.add(middle, s.mul(x.low, y.low)) };
}

/** The product of two double words, within some 2^-102. */
export function multiply(a: DoubleWord, b: DoubleWord): DoubleWord {
  const { high, low } = twoProduct(a.high, b.high);
  return fastTwoSum(high, s.add(low, s.add(s.mul(a.high, b.low), s.mul(a.low, b.high))));
}

/** The sum of two double words. */
export function add(a: DoubleWord, b: DoubleWord): DoubleWord {
  const { high, low } = twoSum(a.high, b.high);
  return fastTwoSum(high, s.add(low, s.add(a.low, b.low)));
}

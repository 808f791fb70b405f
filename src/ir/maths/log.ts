import { constant, type Expr, s } from "../expr.ts";
import { type PerPrecision, polynomial, precisionOf } from "./forms.ts";

interface LogConstants {
  /** ln 2 = high + low, with k high exact. */
  readonly high: number;
  readonly low: number;
  /** log(1 + f) = 2 s + s (R - ...) with s = f / (2 + f) and R = s^2 L(s^2): see `logOf`. */
  readonly l: readonly number[];
  readonly leastNormal: number;
  /** What lifts a subnormal among the normal numbers: 2^lift. */
  readonly lift: number;
}

/** From fdlibm: e_log.c (Sun) for float64, e_logf.c (FreeBSD's msun) for float32. */
const CONSTANTS: PerPrecision<LogConstants> = {
  float32: {
    high: 6.9313812256e-1,
    low: 9.0580006145e-6,
    l: [0xaaaaaa / 2 ** 24, 0xccce13 / 2 ** 25, 0x91e9ee / 2 ** 25, 0xf89e26 / 2 ** 26],
    leastNormal: 2 ** -126,
    lift: 24,
  },
  float64: {
    high: 0.6931471803691238,
    low: 1.9082149292705877e-10,
    l: [
      0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
      0.15313837699209373, 0.14798198605116586,
    ],
    leastNormal: 2 ** -1022,
    lift: 54,
  },
};

/** k and m with x = 2^k m, sqrt(1/2) < m <= sqrt(2), for a finite x > 0. */
export function normalized(x: Expr): { readonly k: Expr; readonly m: Expr } {
  const precision = precisionOf(x, "log");
  const { leastNormal, lift } = CONSTANTS[precision];
  const subnormal = s.lt(x, leastNormal);
  const normal = s.select(subnormal, s.mul(x, 2 ** lift), x);
  const exponent = s.sub(s.exponent(normal), s.select(subnormal, constant(lift, precision), 0));
  const mantissa = s.mantissa(normal);
  const large = s.gt(mantissa, Math.SQRT2);
  return {
    k: s.select(large, s.add(exponent, 1), exponent),
    m: s.select(large, s.mul(mantissa, 0.5), mantissa),
  };
}

/**
 * k ln 2 + log(1 + f) + c, with log(1 + f) = f - (f^2/2 - s (f^2/2 + R)). The large terms, f and k ln 2, come last.
 */
export function logOf(k: Expr, f: Expr, c?: Expr): Expr {
  const { high, low, l } = CONSTANTS[precisionOf(f, "log")];
  const ratio = s.div(f, s.add(f, 2));
  const z = s.mul(ratio, ratio);
  const r = s.mul(z, polynomial(z, l));
  const halfSquare = s.mul(s.mul(f, 0.5), f);
  const small = c === undefined ? s.mul(k, low) : s.add(s.mul(k, low), c);
  const rest = s.sub(halfSquare, s.add(s.mul(ratio, s.add(halfSquare, r)), small));
  return s.sub(s.mul(k, high), s.sub(rest, f));
}

/** y where 0 < x < infinity; -infinity at 0, infinity at infinity, NaN below 0 and at NaN. */
export function withLogLimits(x: Expr, y: Expr): Expr {
  const { dtype } = x;
  const infinity = constant(Number.POSITIVE_INFINITY, dtype);
  const outside = s.select(s.eq(x, 0), constant(Number.NEGATIVE_INFINITY, dtype), constant(Number.NaN, dtype));
  return s.select(s.gt(x, 0), s.select(s.eq(x, infinity), infinity, y), outside);
}

/** log x = k ln 2 + log m. */
export function expandLog(x: Expr): Expr {
  const { k, m } = normalized(x);
  return withLogLimits(x, logOf(k, s.sub(m, 1)));
}

/**
 * Functions to a hundred digits and more, by integers: what float64 maths is measured against. An argument is
 * v 2^-BITS, so its size must be at least 2^-300.
 */
const BITS = 480n;
const ONE = 1n << BITS;

/** m and e with x = m 2^e. */
function parts(x: number): [bigint, number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  return [x < 0 ? -mantissa : mantissa, Math.max(exponent, 1) - 1075];
}

/** The value of a finite float64; its bits below 2^-480 are lost. */
export function exactly(x: number): bigint {
  const [mantissa, exponent] = parts(x);
  return shifted(mantissa, exponent + Number(BITS));
}

/** v 2^(scale - BITS). */
export interface Scaled {
  readonly v: bigint;
  readonly scale: number;
}

const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const over = (a: bigint, b: bigint): bigint => (a << BITS) / b;
const nearest = (a: bigint): bigint => (a + (ONE >> 1n)) >> BITS;

/** 2 (z + z^3 / 3 + z^5 / 5 + ...) = log((1 + z) / (1 - z)). */
function twiceAtanh(z: bigint): bigint {
  const square = times(z, z);
  let sum = 0n;
  for (let power = z, n = 1n; power > 1n || power < -1n; power = times(power, square), n += 2n) sum += power / n;
  return 2n * sum;
}

const LN2 = twiceAtanh(ONE / 3n);

function atanOfInverse(n: bigint): bigint {
  let sum = 0n;
  for (let power = ONE / n, k = 1n, sign = 1n; power > 0n; power /= n * n, k += 2n, sign = -sign)
    sum += (sign * power) / k;
  return sum;
}

/** Machin: pi / 4 = 4 atan(1/5) - atan(1/239). */
const HALF_PI = 2n * (4n * atanOfInverse(5n) - atanOfInverse(239n));

/** e^x. */
export function exp(x: bigint): Scaled {
  const k = nearest(over(x, LN2));
  const r = x - k * LN2;
  let sum = ONE;
  for (let term = ONE, n = 1n; term > 1n || term < -1n; n++) sum += term = times(term, r) / n;
  return { v: sum, scale: Number(k) };
}

/** e^x - 1 for |x| < 800. */
export function expm1(x: bigint): Scaled {
  const { v, scale } = exp(x);
  const shift = BigInt(Math.max(scale, 0));
  const whole = scale >= 0 ? v - (ONE >> shift) : (v >> BigInt(-scale)) - ONE;
  return { v: whole, scale: Math.max(scale, 0) };
}

/** log x for a float64 x > 0 of any size. */
export function logOf(x: number): Scaled {
  if (x === 1) return { v: 0n, scale: 0 };
  const [mantissa, exponent] = parts(x);
  return { v: log(mantissa << BITS).v + BigInt(exponent) * LN2, scale: 0 };
}

/** log x for x > 0. */
export function log(v: bigint): Scaled {
  const digits = BigInt(bitsOf(v));
  const k = digits - BITS;
  const m = k >= 0n ? v >> k : v << -k;
  return { v: twiceAtanh(over(m - ONE, m + ONE)) + k * LN2, scale: 0 };
}

/** sin(x + turn pi/2). */
export function sin(x: bigint, turn: 0n | 1n = 0n): Scaled {
  const n = nearest(over(x, HALF_PI));
  const r = x - n * HALF_PI;
  const quarter = (n + turn) & 3n;
  const parity = 1n - (quarter & 1n);
  let sum = 0n;
  for (let term = ONE, k = 0n; term > 1n || term < -1n; term = times(term, r) / ++k) {
    if (k % 2n === parity) sum += k % 4n < 2n ? term : -term;
  }
  return { v: quarter >= 2n ? -sum : sum, scale: 0 };
}

export function tanh(x: bigint): Scaled {
  const { v, scale } = expm1(2n * x);
  const t = v << BigInt(scale);
  return { v: over(t, t + 2n * ONE), scale: 0 };
}

export function log1p(x: bigint): Scaled {
  return log(x + ONE);
}

/** 1 / (1 + e^-x). */
export function sigmoid(x: bigint): Scaled {
  const { v, scale } = exp(x);
  if (scale < -200) return { v, scale }; // e^x, to 200 bits
  if (scale > 200) return { v: ONE, scale: 0 };
  const power = shifted(v, scale);
  return { v: over(power, power + ONE), scale: 0 };
}

/** x^y for x > 0. */
export function pow(x: number, y: number): Scaled {
  return exp(times(exactly(y), logOf(x).v));
}

/** A finite float64 itself. */
export function scaled(x: number): Scaled {
  const [mantissa, exponent] = parts(x);
  return { v: mantissa << BITS, scale: exponent };
}

/** |y - expected| in units of the last place that float64 has at `expected`; an infinity stands for 2^1024 and more. */
export function ulpsFrom(y: number, expected: Scaled): number {
  if (Number.isNaN(y)) return Number.POSITIVE_INFINITY;
  const size = expected.v < 0n ? -expected.v : expected.v;
  const exponent2 = bitsOf(size) - 1 + expected.scale - Number(BITS);
  if (exponent2 >= 1024 && y === (expected.v < 0n ? -Infinity : Infinity)) return 0;
  const unit = Math.max(Math.min(exponent2, 1023) - 52, -1074);
  // Both in units of 2^-64 of the last place.
  const right = shifted(expected.v, expected.scale - Number(BITS) - unit + 64);
  const [mantissa, exponent] = parts(y);
  const error = shifted(mantissa, exponent - unit + 64) - right;
  return Math.abs(Number(error)) / 2 ** 64;
}

/** The number of bits of v >= 0. */
function bitsOf(v: bigint): number {
  return v === 0n
    ? 1
    : (v.toString(16).length - 1) * 4 + Number.parseInt(v.toString(16)[0] as string, 16).toString(2).length;
}

function shifted(v: bigint, by: number): bigint {
  return by >= 0 ? v << BigInt(by) : v >> BigInt(-by);
}

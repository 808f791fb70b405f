// tested by src/core/format-array.test.ts
/** 0.d1d2d3... * 10^(point): the digits of a positive number, the first not 0, and where the point stands. */
export interface Decimal {
  readonly digits: string;
  readonly point: number;
}

const BITS = new DataView(new ArrayBuffer(8));

/** The whole numbers around x * 10^scale, exactly, and whether x is nearer to the upper one (-1: no, 0: midway, 1: yes). */
function bracket(x: number, scale: number): { readonly floor: bigint; readonly upper: number } {
  BITS.setFloat64(0, x);
  const bits = BITS.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  const exponent = Math.max(biased, 1) - 1075;
  const numerator = mantissa * 2n ** BigInt(Math.max(exponent, 0)) * 10n ** BigInt(Math.max(scale, 0));
  const denominator = 2n ** BigInt(Math.max(-exponent, 0)) * 10n ** BigInt(Math.max(-scale, 0));
  const twice = (numerator % denominator) * 2n;
  return { floor: numerator / denominator, upper: twice === denominator ? 0 : twice > denominator ? 1 : -1 };
}

/** x * 10^scale to the nearest integer; midway, to the even one. */
function roundScaled(x: number, scale: number): bigint {
  const { floor, upper } = bracket(x, scale);
  return upper > 0 || (upper === 0 && floor % 2n === 1n) ? floor + 1n : floor;
}

function decimalOf(scaled: bigint, scale: number): Decimal {
  const text = scaled.toString();
  return { digits: text.replace(/0+$/, ""), point: text.length - scale };
}

/** The power of ten of the first digit. */
function leadingPower(x: number): number {
  return Number(x.toExponential().split("e")[1]);
}

/** A positive number to `places` digits behind the point, correctly rounded, half to even. */
export function roundToPlaces(x: number, places: number): Decimal {
  return decimalOf(roundScaled(x, places), places);
}

/** A positive number to `count` digits, correctly rounded, half to even. */
export function roundToDigits(x: number, count: number): Decimal {
  const scale = count - 1 - leadingPower(x);
  return decimalOf(roundScaled(x, scale), scale);
}

/** The fewest digits that read back as x (as a float32 when `single`), the nearest of these; 9 or 17 are enough. */
export function shortest(x: number, single: boolean): Decimal {
  if (!single) {
    const [digits, power] = x.toExponential().split("e");
    return { digits: digits.replace(".", "").replace(/0+$/, ""), point: Number(power) + 1 };
  }
  for (let scale = -leadingPower(x); ; scale++) {
    const { floor } = bracket(x, scale);
    const up = floor + 1n;
    const downReads = floor > 0n && readsAs(floor, scale, x);
    const upReads = readsAs(up, scale, x);
    if (downReads && upReads) return decimalOf(roundScaled(x, scale), scale);
    if (downReads || upReads) return decimalOf(upReads ? up : floor, scale);
  }
}

function readsAs(scaled: bigint, scale: number, x: number): boolean {
  return Math.fround(Number(`${scaled}e${-scale}`)) === x;
}

// tested by src/core/format-array.test.ts
import { type Decimal, roundToDigits, roundToPlaces, shortest } from "./decimal.ts";

/** The digits that NumPy prints behind the point (`precision`). */
const PRECISION = 8;

/** Where exponents begin, in an array and of a number alone; a float32 has 6 digits to rely on. */
const LARGE = { single: 1e6, double: 1e8 };
const LARGE_ALONE = { single: 1e6, double: 1e16 };

/** What a value is printed as, apart from its padding. */
interface Parts {
  readonly whole: string;
  readonly fraction: string;
}

function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

/** `digits` with the point `point` digits from their start: 123 at 5 is 12300, at -1 is 0.0123. */
function placePoint({ digits, point }: Decimal): Parts {
  if (digits === "") return { whole: "0", fraction: "" };
  if (point <= 0) return { whole: "0", fraction: "0".repeat(-point) + digits };
  return { whole: digits.slice(0, point).padEnd(point, "0"), fraction: digits.slice(point) };
}

function positional(x: number, single: boolean): Parts {
  const sign = isNegative(x) ? "-" : "";
  if (x === 0) return { whole: `${sign}0`, fraction: "" };
  const exact = shortest(Math.abs(x), single);
  const cut = exact.digits.length - exact.point > PRECISION ? roundToPlaces(Math.abs(x), PRECISION) : exact;
  const { whole, fraction } = placePoint(cut);
  return { whole: sign + whole, fraction };
}

/** The exponent with its sign and at least two digits. */
function exponentText(power: number, width = 2): string {
  return (power < 0 ? "-" : "+") + String(Math.abs(power)).padStart(width, "0");
}

interface Scientific extends Parts {
  readonly power: number;
}

/** d.ddd * 10^power, with exactly `digits` digits behind the point, or (null) as many as the value needs, at most 8. */
function scientific(x: number, single: boolean, digits: number | null): Scientific {
  const sign = isNegative(x) ? "-" : "";
  if (x === 0) return { whole: `${sign}0`, fraction: "0".repeat(digits ?? 0), power: 0 };
  const exact = shortest(Math.abs(x), single);
  const count = digits ?? Math.min(exact.digits.length - 1, PRECISION);
  const cut = exact.digits.length === count + 1 ? exact : roundToDigits(Math.abs(x), count + 1);
  const fraction = cut.digits.slice(1);
  return {
    whole: sign + cut.digits[0],
    fraction: digits === null ? fraction : fraction.padEnd(digits, "0"),
    power: cut.point - 1,
  };
}

function needsExponents(finite: readonly number[], single: boolean): boolean {
  let least = Number.POSITIVE_INFINITY;
  let greatest = 0;
  for (const x of finite) {
    if (x === 0) continue;
    least = Math.min(least, Math.abs(x));
    greatest = Math.max(greatest, Math.abs(x));
  }
  if (greatest === 0) return false;
  // NumPy computes and compares in the array's own precision.
  const round = single ? Math.fround : (x: number): number => x;
  const large = single ? LARGE.single : LARGE.double;
  return greatest >= large || least < round(0.0001) || round(greatest / least) > 1000;
}

function longest(texts: readonly string[]): number {
  return texts.reduce((length, text) => Math.max(length, text.length), 0);
}

/** A function that prints any of `values` so that all align, as NumPy does. */
export function floatFormat(values: readonly number[], single: boolean): (x: number) => string {
  const finite = values.filter(Number.isFinite);
  const exponents = needsExponents(finite, single);
  const parts = finite.map((x) => (exponents ? scientific(x, single, null) : positional(x, single)));
  const places = longest(parts.map((p) => p.fraction));
  const exponentWidth = exponents ? longest(parts.map((p) => exponentText((p as Scientific).power))) - 1 : 0;
  const right = exponents ? exponentWidth + 2 + places : places;
  let left = longest(parts.map((p) => p.whole));
  if (finite.length < values.length) {
    const infinity = values.includes(Number.NEGATIVE_INFINITY) ? 4 : 3;
    left = Math.max(left, infinity - (right + 1), 3 - (right + 1));
  }
  return (x) => {
    if (!Number.isFinite(x)) return specialText(x).padStart(left + right + 1);
    if (!exponents) {
      const { whole, fraction } = positional(x, single);
      return `${whole.padStart(left)}.${fraction.padEnd(right)}`;
    }
    const { whole, fraction, power } = scientific(x, single, places);
    return `${whole.padStart(left)}.${fraction}e${exponentText(power, exponentWidth)}`;
  };
}

function specialText(x: number): string {
  return Number.isNaN(x) ? "nan" : x < 0 ? "-inf" : "inf";
}

/** One number, with all the digits it needs: `1.0`, `0.1`, `1e-05`. */
export function scalarText(x: number, single: boolean): string {
  if (!Number.isFinite(x)) return specialText(x);
  const sign = isNegative(x) ? "-" : "";
  const magnitude = Math.abs(x);
  if (magnitude === 0) return `${sign}0.0`;
  const exact = shortest(magnitude, single);
  if (magnitude >= 1e-4 && magnitude < (single ? LARGE_ALONE.single : LARGE_ALONE.double)) {
    const { whole, fraction } = placePoint(exact);
    return `${sign}${whole}.${fraction === "" ? "0" : fraction}`;
  }
  const rest = exact.digits.slice(1);
  return `${sign}${exact.digits[0]}${rest === "" ? "" : `.${rest}`}e${exponentText(exact.point - 1)}`;
}

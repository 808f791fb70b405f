/**
 * Exact arithmetic on size literals of any magnitude, digit by digit, as on paper. A number is the string of its
 * decimal digits with the lowest first; what is not a whole literal gives `number`.
 */
type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";

interface Unary {
  "0": [];
  "1": [0];
  "2": [0, 0];
  "3": [0, 0, 0];
  "4": [0, 0, 0, 0];
  "5": [0, 0, 0, 0, 0];
  "6": [0, 0, 0, 0, 0, 0];
  "7": [0, 0, 0, 0, 0, 0, 0];
  "8": [0, 0, 0, 0, 0, 0, 0, 0];
  "9": [0, 0, 0, 0, 0, 0, 0, 0, 0];
}

type Reversed<T extends string, R extends string = ""> = T extends `${infer H}${infer Rest}`
  ? Reversed<Rest, `${H}${R}`>
  : R;
type Digits<N extends number> = `${N}` extends `${string}${"-" | "." | "e"}${string}` ? never : Reversed<`${N}`>;

type WithoutLeadingZeros<T extends string> = T extends `0${infer R extends Digit}${infer Rest}`
  ? WithoutLeadingZeros<`${R}${Rest}`>
  : T;
type Value<R extends string> = [R] extends [never]
  ? number
  : WithoutLeadingZeros<Reversed<R>> extends `${infer N extends number}`
    ? N
    : number;

/** x + y + carry, from "0" to "19". */
type DigitSum<X extends Digit, Y extends Digit, Carry extends "0" | "1"> = [
  ...Unary[X],
  ...Unary[Y],
  ...Unary[Carry],
] extends { length: infer N extends number }
  ? `${N}`
  : never;

/** A + B; where one number ends, a carry is added as a number of its own. */
type Plus<
  A extends string,
  B extends string,
  Carry extends "0" | "1" = "0",
  R extends string = "",
> = A extends `${infer X extends Digit}${infer A1}`
  ? B extends `${infer Y extends Digit}${infer B1}`
    ? DigitSum<X, Y, Carry> extends `1${infer Low extends Digit}`
      ? Plus<A1, B1, "1", `${R}${Low}`>
      : Plus<A1, B1, "0", `${R}${DigitSum<X, Y, Carry>}`>
    : Carry extends "0"
      ? `${R}${A}`
      : Plus<A, "1", "0", R>
  : Carry extends "0"
    ? `${R}${B}`
    : Plus<"1", B, "0", R>;

type Twice<A extends string> = Plus<A, A>;
/** Every multiple of A by a digit is a few doublings and additions. */
interface Multiples<A extends string> {
  "0": "0";
  "1": A;
  "2": Twice<A>;
  "3": Plus<Twice<A>, A>;
  "4": Twice<Twice<A>>;
  "5": Plus<Twice<Twice<A>>, A>;
  "6": Twice<Plus<Twice<A>, A>>;
  "7": Plus<Twice<Plus<Twice<A>, A>>, A>;
  "8": Twice<Twice<Twice<A>>>;
  "9": Plus<Twice<Twice<Twice<A>>>, A>;
}
type Times<A extends string, B extends string, R extends string = "0"> = B extends `${infer Y extends Digit}${infer B1}`
  ? Times<`0${A}`, B1, Plus<R, Multiples<A>[Y]>>
  : R;

interface Nine {
  "0": "9";
  "1": "8";
  "2": "7";
  "3": "6";
  "4": "5";
  "5": "4";
  "6": "3";
  "7": "2";
  "8": "1";
  "9": "0";
}
/** 99...9 - A. */
type Complement<A extends string, R extends string = ""> = A extends `${infer X extends Digit}${infer A1}`
  ? Complement<A1, `${R}${Nine[X]}`>
  : R;
type SameLength<A extends string, B extends string> = A extends `${string}${infer A1}`
  ? B extends `${string}${infer B1}`
    ? SameLength<A1, B1>
    : false
  : B extends ""
    ? true
    : false;
/** A - B is the complement of (complement of A) + B; the sum grows by a digit when B > A. */
type Minus<A extends string, B extends string> =
  Plus<Complement<A>, B> extends infer R extends string
    ? SameLength<R, A> extends true
      ? Complement<R>
      : never
    : never;

export type Add<A extends number, B extends number> = number extends A | B ? number : Value<Plus<Digits<A>, Digits<B>>>;

export type Mul<A extends number, B extends number> = number extends A | B
  ? number
  : A extends 1
    ? B
    : B extends 1
      ? A
      : Value<Times<Digits<A>, Digits<B>>>;

/** A - B, or `number` where that is negative. */
export type Sub<A extends number, B extends number> = number extends A | B
  ? number
  : Value<Minus<Digits<A>, Digits<B>>>;

/** floor(A / 2): five times A without its last digit. */
export type Half<A extends number> = number extends A
  ? number
  : Multiples<Digits<A>>["5"] extends `${Digit}${infer R}`
    ? Value<R extends "" ? "0" : R>
    : number;

/** ceil(A / 2). */
export type HalfUp<A extends number> = Half<Add<A, 1>>;

/** The number of values of a shape; `number` where a size or the rank is open. */
export type Product<S extends readonly number[], R extends number = 1> = number extends S["length"] | S[number]
  ? number
  : S extends readonly [infer H extends number, ...infer T extends readonly number[]]
    ? Product<T, Mul<R, H>>
    : R;

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

/** What has other characters than digits is no size: never. */
type Reversed<T extends string, R extends string = ""> = T extends `${infer H extends Digit}${infer Rest}`
  ? Reversed<Rest, `${H}${R}`>
  : T extends ""
    ? R
    : never;
type Digits<N extends number> = Reversed<`${N}`>;
type Value<R extends string> = [R] extends [never]
  ? number
  : Reversed<R> extends `${infer N extends number}`
    ? N
    : number;

/** Without leading zeros, of which no literal has any. */
type Shortened<R extends string> = R extends `${infer Rest}0` ? (Rest extends "" ? "0" : Shortened<Rest>) : R;

/** A + B; where one number ends, a carry is added as a number of its own. */
type Plus<
  A extends string,
  B extends string,
  Carry extends "0" | "1" = "0",
  R extends string = "",
> = A extends `${infer X extends Digit}${infer A1}`
  ? B extends `${infer Y extends Digit}${infer B1}`
    ? Count<[...Unary[X], ...Unary[Y], ...Unary[Carry]]> extends infer Sum
      ? Sum extends `1${infer Low extends Digit}`
        ? Plus<A1, B1, "1", `${R}${Low}`>
        : Plus<A1, B1, "0", `${R}${Sum & Digit}`>
      : never
    : Carry extends "0"
      ? `${R}${A}`
      : Plus<A, "1", "0", R>
  : Carry extends "0"
    ? `${R}${B}`
    : Plus<"1", B, "0", R>;
type Count<T extends readonly unknown[]> = `${T["length"] & number}`;

/** Products[x][y] holds x * y zeros. */
interface Products {
  "0": Multiples<Unary["0"]>;
  "1": Multiples<Unary["1"]>;
  "2": Multiples<Unary["2"]>;
  "3": Multiples<Unary["3"]>;
  "4": Multiples<Unary["4"]>;
  "5": Multiples<Unary["5"]>;
  "6": Multiples<Unary["6"]>;
  "7": Multiples<Unary["7"]>;
  "8": Multiples<Unary["8"]>;
  "9": Multiples<Unary["9"]>;
}
interface Multiples<X extends 0[]> {
  "0": [];
  "1": X;
  "2": [...X, ...X];
  "3": [...X, ...X, ...X];
  "4": [...X, ...X, ...X, ...X];
  "5": [...X, ...X, ...X, ...X, ...X];
  "6": [...X, ...X, ...X, ...X, ...X, ...X];
  "7": [...X, ...X, ...X, ...X, ...X, ...X, ...X];
  "8": [...X, ...X, ...X, ...X, ...X, ...X, ...X, ...X];
  "9": [...X, ...X, ...X, ...X, ...X, ...X, ...X, ...X, ...X];
}

/** A y + Sum, where Sum has no more digits than A: at most 9 * 9 + 9 + 8 a digit. */
type TimesDigit<
  A extends string,
  Y extends Digit,
  Sum extends string,
  Carry extends Digit = "0",
  R extends string = "",
> = A extends `${infer X extends Digit}${infer A1}`
  ? Sum extends `${infer Z extends Digit}${infer Sum1}`
    ? Count<[...Products[X][Y], ...Unary[Z], ...Unary[Carry]]> extends infer N
      ? N extends `${infer High extends Digit}${infer Low extends Digit}`
        ? TimesDigit<A1, Y, Sum1, High, `${R}${Low}`>
        : TimesDigit<A1, Y, Sum1, "0", `${R}${N & Digit}`>
      : never
    : TimesDigit<A, Y, "0", Carry, R>
  : Carry extends "0"
    ? R
    : `${R}${Carry}`;

/** A B for A > 0: for each digit of B a row is added, whose lowest digit is final. */
type Times<
  A extends string,
  B extends string,
  Sum extends string = "",
  R extends string = "",
> = B extends `${infer Y extends Digit}${infer B1}`
  ? TimesDigit<A, Y, Sum> extends `${infer Low extends Digit}${infer High}`
    ? Times<A, B1, High, `${R}${Low}`>
    : never
  : `${R}${Sum}`;

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
      ? Shortened<Complement<R>>
      : never
    : never;

export type Add<A extends number, B extends number> = number extends A | B ? number : Value<Plus<Digits<A>, Digits<B>>>;

export type Mul<A extends number, B extends number> = Product<[A, B]>;

/** A - B, or `number` where that is negative. */
export type Sub<A extends number, B extends number> = number extends A | B
  ? number
  : Value<Minus<Digits<A>, Digits<B>>>;

/** floor(A / 2): five times A without its last digit. */
export type Half<A extends number> = number extends A
  ? number
  : A extends 0 | 1
    ? 0
    : Value<WithoutLowest<TimesDigit<Digits<A>, "5", "">>>;
type WithoutLowest<R extends string> = R extends `${Digit}${infer High}` ? High : never;

/** ceil(A / 2). */
export type HalfUp<A extends number> = Half<Add<A, 1>>;

/** The number of values of a shape; `number` where a size or the rank is open. */
export type Product<S extends readonly number[]> = number extends S["length"] | S[number]
  ? number
  : 0 extends S[number]
    ? 0
    : Value<ProductDigits<S>>;
type ProductDigits<S extends readonly number[], R extends string = "1"> = S extends readonly [
  infer H extends number,
  ...infer T extends readonly number[],
]
  ? H extends 1
    ? ProductDigits<T, R>
    : ProductDigits<T, R extends "1" ? Digits<H> : Times<R, Digits<H>>>
  : R;

/** Whether two shapes hold equally many values, or may: sizes that they begin or end with alike need no arithmetic. */
export type SameSize<A extends readonly number[], B extends readonly number[]> = number extends
  | A["length"]
  | B["length"]
  | A[number]
  | B[number]
  ? true
  : 0 extends A[number] | B[number]
    ? EqualDigits<Product<A>, Product<B>>
    : Uncommon<A, B> extends [infer A1 extends readonly number[], infer B1 extends readonly number[]]
      ? EqualDigits<ProductDigits<A1>, ProductDigits<B1>>
      : never;
type EqualDigits<A, B> = [A] extends [B] ? true : false;

/** Both without the sizes that they begin or end with alike. */
type Uncommon<A extends readonly number[], B extends readonly number[]> = [A, B] extends [
  readonly [infer M, ...infer A1 extends readonly number[]],
  readonly [infer N, ...infer B1 extends readonly number[]],
]
  ? [M, N] extends [N, M]
    ? Uncommon<A1, B1>
    : [A, B] extends [
          readonly [...infer A2 extends readonly number[], infer P],
          readonly [...infer B2 extends readonly number[], infer Q],
        ]
      ? [P, Q] extends [Q, P]
        ? Uncommon<A2, B2>
        : [A, B]
      : never
  : [A, B];

/** A shape: literal sizes where they are known, `number` where not; `readonly number[]` when the rank is unknown. */
export type Shape = readonly number[];

/** The one `any`: "not known here". It fits both ways, so code without shape types never meets an error. */
// biome-ignore lint/suspicious/noExplicitAny: the alias that every gradual type of gradwise is made of
export type Any = any;

/** A rule yields a Shape or a message; `Check` puts the message on the blamed argument. */
export type Check<R> = [R] extends [string] ? R : unknown;

/** The shape a rule yields, or "not known here". */
export type Out<R> = [Extract<R, Shape>] extends [never]
  ? Any
  : number extends Extract<R, Shape>["length"]
    ? Any
    : Extract<R, Shape>;

/** `(2, ?, 3)` in messages. */
export type Text<S extends Shape> = number extends S["length"]
  ? "(...)"
  : S extends readonly [infer N extends number]
    ? `(${SizeText<N>},)`
    : `(${Joined<S>})`;
export type SizeText<N extends number> = number extends N ? "?" : `${N}`;
type Joined<S extends Shape> = S extends readonly [infer H extends number, ...infer T extends Shape]
  ? T extends readonly []
    ? SizeText<H>
    : `${SizeText<H>}, ${Joined<T>}`
  : "";

/** A `const` argument's shape as a result states it. */
export type Mutable<S extends Shape> = { -readonly [I in keyof S]: S[I] };

/** The shape of nested arrays: literal sizes for literals, `number` for arrays of unknown length. */
export type ShapeOf<T> = [number | readonly never[]] extends [T]
  ? Shape // of any depth
  : T extends number | boolean
    ? []
    : T extends readonly unknown[]
      ? number extends T["length"]
        ? [number, ...ShapeOf<T[number]>]
        : T extends readonly [infer H, ...unknown[]]
          ? [T["length"], ...ShapeOf<H>]
          : [0]
      : Shape;

/** Every name of an axis: "0" to "2" and "-1" to "-3" for rank 3. */
export type AxisNames<S extends Shape> = S extends readonly [number, ...infer T extends Shape]
  ? AxisNames<T> | `${T["length"]}` | `-${S["length"] & number}`
  : never;

/** The names of the first axis of Rest, when Before come before it. */
export type NamesOfFirst<Before extends Shape, Rest extends Shape> =
  | `${Before["length"] & number}`
  | `-${Rest["length"] & number}`;

/** The size of axis X, which may be negative. */
export type SizeAt<S extends Shape, X> = `${X & number}` extends keyof S ? S[`${X & number}`] & number : FromEnd<S, X>;
type FromEnd<S extends Shape, X> = S extends readonly [infer H extends number, ...infer T extends Shape]
  ? `${X & number}` extends `-${S["length"]}`
    ? H
    : FromEnd<T, X>
  : never;

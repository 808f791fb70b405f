import type { Product, SameSize } from "../core/shape-arithmetic.ts";
import type { Shape, Text } from "../core/shape-types.ts";

/** What a layer does to a shape, as a type: Apply fills `in`, and `out` is a Shape or a message. */
export interface ShapeRule {
  readonly in: unknown;
  readonly out: Shape | string;
}

/** The shape that a layer of rule F gives for S, or a message; where the rank is not known, nothing is judged. */
export type Apply<F extends ShapeRule, S extends Shape> = number extends S["length"]
  ? Shape
  : (F & { readonly in: S })["out"];

/** A shape in a message. */
export type TextOf<S> = S extends Shape ? Text<S> : "";

/** The shape stays as it is. */
export interface Same extends ShapeRule {
  readonly out: this["in"] extends infer S extends Shape ? S : string;
}

/** The last axis becomes `units`. */
export interface DenseRule<U extends number> extends ShapeRule {
  readonly out: this["in"] extends readonly [infer B extends number, ...infer M extends Shape, number]
    ? [B, ...M, U]
    : `dense expects rank >= 2, got ${TextOf<this["in"]>}`;
}

/** All axes but the first become one. */
export interface FlattenRule extends ShapeRule {
  readonly out: this["in"] extends readonly [infer B extends number, ...infer R extends Shape]
    ? [B, Product<R>]
    : "flatten expects rank >= 1, got ()";
}

/** All axes but the first become T; a -1 in T is open. */
export interface ReshapeRule<T extends Shape> extends ShapeRule {
  readonly out: this["in"] extends readonly [infer B extends number, ...infer R extends Shape]
    ? -1 extends T[number]
      ? [B, ...Opened<T>]
      : SameSize<R, T> extends true
        ? [B, ...T]
        : `reshape: ${Product<R>} values a row do not fill ${Text<T>}`
    : "reshape expects rank >= 1, got ()";
}
type Opened<T extends Shape> = { -readonly [I in keyof T]: T[I] extends -1 ? number : T[I] };

/** Whatever comes, S goes on: the first layer of a model says what it takes. */
export interface InputRule<S extends Shape> extends ShapeRule {
  readonly out: S;
}

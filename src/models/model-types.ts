import type { DType, TypedArray } from "../core/dtype.ts";
import type { Any, Shape, Text } from "../core/shape-types.ts";
import type { D_, Nested, S_, Tensor } from "../graph/tensor.ts";
import type { Loss, LossKind } from "../losses/loss.ts";
import type { Metric } from "../metrics/metric.ts";

/** Data as a user has them: a tensor, nested arrays, or a typed array of one axis. */
export type Data = Tensor | Nested | TypedArray;

/** The names under which metrics report. */
export type MetricName<M> = M extends string ? M : M extends Metric<infer N> ? N : never;

/** The labels that a loss takes, as far as its type tells. */
export type KindOf<L> =
  L extends Loss<infer K>
    ? K
    : L extends "sparseCategoricalCrossentropy"
      ? "sparse"
      : L extends "meanSquaredError" | "mse" | "binaryCrossentropy" | "categoricalCrossentropy"
        ? "same"
        : "any";

type IsAny<T> = 0 extends 1 & T ? true : false;
/** Whether nothing is known of a shape, or not even its rank. */
type IsOpen<S> = IsAny<S> extends true ? true : S extends Shape ? (number extends S["length"] ? true : false) : true;

/** What fits a place: one of the shapes S, of a dtype D; and how a message says it. */
interface Wanted<S extends Shape, D extends DType, What extends string> {
  readonly shape: S;
  readonly dtype: D;
  readonly what: What;
}

/** What a model with input I takes. */
export type InputOf<I> = IsOpen<I> extends true ? Any : I extends Shape ? Wanted<I, DType, `shape ${Text<I>}`> : Any;

/** The labels that belong to an output O under a loss of kind K; an axis of size 1 may be left out or added. */
export type TargetOf<O, K extends LossKind> =
  IsOpen<O> extends true
    ? Any
    : O extends readonly [...infer R extends Shape, infer N extends number]
      ? [K] extends ["same"]
        ? Wanted<[...R, N] | (N extends 1 ? R : never), DType, `labels of shape ${Text<[...R, N]>}`>
        : [K] extends ["sparse"]
          ? Wanted<R | [...R, 1], "int32" | "uint8", `int32 class indices of shape ${Text<R>}`>
          : Any
      : Any;

/** Puts a message on data whose type says that they do not fit; arrays are judged when the program runs. */
export type Fits<X, W, Who extends string> =
  IsAny<W> extends true
    ? unknown
    : W extends Wanted<infer S, infer D, infer What>
      ? X extends Tensor
        ? [true, true] extends [MayBe<S_<X>, S>, D_<X> extends D ? true : IsAny<D_<X>>]
          ? unknown
          : `${Who}: expected ${What}, got ${D_<X> & string} of shape ${Text<Extract<S_<X>, Shape>>}`
        : unknown
      : unknown;

/** Whether S may be one of the shapes W: what is not known may be anything. */
type MayBe<S extends Shape, W extends Shape> = number extends S["length"]
  ? true
  : W extends Shape
    ? S["length"] extends W["length"]
      ? false extends { [A in keyof S]: MaySize<S[A], W[A & keyof W]> }[number]
        ? false
        : true
      : false
    : never;
type MaySize<A, B> = number extends A | B ? true : A extends B ? true : false;

/** The output of `predict`. */
export type OutputOf<O> = IsOpen<O> extends true ? Tensor : O extends Shape ? Tensor<O> : Tensor;

import type { TypedArray } from "../core/dtype.ts";
import type { Any, Shape, Text } from "../core/shape-types.ts";
import type { D_, Nested, S_, Tensor } from "../graph/tensor.ts";
import type { LossKind } from "../losses/loss.ts";
import type { Metric } from "../metrics/metric.ts";

/** Data as a user has them: a tensor, nested arrays, or a typed array of one axis. */
export type Data = Tensor | Nested | TypedArray;

/** The names under which metrics report. */
export type MetricName<M> = M extends string ? M : M extends Metric<infer N> ? N : never;

type IsAny<T> = 0 extends 1 & T ? true : false;

/** What a model with input I takes. */
export type InputOf<I> =
  IsAny<I> extends true ? Any : I extends Shape ? (number extends I["length"] ? Any : Tensor<I>) : Any;

/** The labels that belong to an output O under a loss of kind K. */
export type TargetOf<O, K extends LossKind> =
  IsAny<O> extends true
    ? Any
    : O extends Shape
      ? number extends O["length"]
        ? Any
        : K extends "same"
          ? Tensor<O>
          : K extends "sparse"
            ? O extends readonly [...infer R extends Shape, number]
              ? Tensor<R, "int32">
              : Any
            : Any
      : Any;

/** Puts a message on data whose type says that they do not fit; arrays are judged when the program runs. */
export type Fits<X, T, Who extends string> =
  IsAny<T> extends true
    ? unknown
    : X extends Tensor
      ? X extends T
        ? unknown
        : T extends Tensor
          ? S_<X> extends S_<T>
            ? `${Who}: expected dtype ${D_<T> & string}, got ${D_<X> & string}`
            : `${Who}: expected shape ${Text<S_<T> & Shape>}, got ${Text<S_<X> & Shape>}`
          : unknown
      : unknown;

/** The output of `predict`. */
export type OutputOf<O> = IsAny<O> extends true ? Tensor : O extends Shape ? Tensor<O> : Tensor;

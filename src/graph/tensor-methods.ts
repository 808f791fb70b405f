import type { DType, Promote } from "../core/dtype.ts";
import type { Any, Check, Mutable, Out, Shape } from "../core/shape-types.ts";
import type { Broadcast } from "../ops/broadcast.ts";
import type { Inserted } from "../ops/expand-dims.ts";
import type { Expected } from "../ops/expect-shape.ts";
import type { Flat } from "../ops/flatten.ts";
import type { Gather } from "../ops/gather.ts";
import type { MatMul, MatMulOptions, Swapped } from "../ops/matmul.ts";
import type { Padded, PadOptions, Widths } from "../ops/pad.ts";
import type { Axes, Reduce, ReduceOptions } from "../ops/reduce.ts";
import type { Reshape } from "../ops/reshape.ts";
import type { Floated, Numbered } from "../ops/result-dtype.ts";
import type { Index, Slice } from "../ops/slice.ts";
import type { Squeeze } from "../ops/squeeze.ts";
import type { Summed } from "../ops/sum.ts";
import type { Transpose } from "../ops/transpose.ts";
import type { VarianceOptions } from "../ops/variance.ts";
import type { D_, S_, Tensor } from "./tensor.ts";

/** Puts the message on b where A and B do not broadcast. */
type Fits<A, B> = Check<Broadcast<S_<A>, S_<B>>>;
type Both<A, B, D extends DType> = Tensor<Out<Broadcast<S_<A>, S_<B>>>, D>;
type Operand = Tensor | number;
/** The result of a reduction of A. */
type Reduced<A, X, K extends boolean, D extends DType> = Tensor<Out<Reduce<S_<A>, X, K>>, D>;

/**
 * The ops that are methods too: `x.add(y)` is `add(x, y)`, and the function's file says what it does. Each infers the
 * whole tensor `this` as A, so that unions of shapes work.
 */
export interface TensorMethods<out S extends Shape, out D extends DType> {
  // One input
  abs<A extends Tensor>(this: A): Tensor<S_<A>, Numbered<D_<A>>>;
  ceil<A extends Tensor>(this: A): Tensor<S_<A>, Numbered<D_<A>>>;
  cos<A extends Tensor>(this: A): Tensor<S_<A>, Floated<D_<A>>>;
  exp<A extends Tensor>(this: A): Tensor<S_<A>, Floated<D_<A>>>;
  expm1<A extends Tensor>(this: A): Tensor<S_<A>, Floated<D_<A>>>;
  floor<A extends Tensor>(this: A): Tensor<S_<A>, Numbered<D_<A>>>;
  log<A extends Tensor>(this: A): Tensor<S_<A>, Floated<D_<A>>>;
  log1p<A extends Tensor>(this: A): Tensor<S_<A>, Floated<D_<A>>>;
  neg<A extends Tensor>(this: A): Tensor<S_<A>, Numbered<D_<A>>>;
  reciprocal<A extends Tensor>(this: A): Tensor<S_<A>, Floated<D_<A>>>;
  relu<A extends Tensor>(this: A): Tensor<S_<A>, Numbered<D_<A>>>;
  round<A extends Tensor>(this: A): Tensor<S_<A>, Numbered<D_<A>>>;
  sigmoid<A extends Tensor>(this: A): Tensor<S_<A>, Floated<D_<A>>>;
  sign<A extends Tensor>(this: A): Tensor<S_<A>, Numbered<D_<A>>>;
  sin<A extends Tensor>(this: A): Tensor<S_<A>, Floated<D_<A>>>;
  sqrt<A extends Tensor>(this: A): Tensor<S_<A>, Floated<D_<A>>>;
  square<A extends Tensor>(this: A): Tensor<S_<A>, Numbered<D_<A>>>;
  tanh<A extends Tensor>(this: A): Tensor<S_<A>, Floated<D_<A>>>;
  clip<A extends Tensor>(this: A, low: number, high: number): Tensor<S_<A>, Numbered<D_<A>>>;
  cast<E extends DType>(dtype: E): Tensor<S, E>;
  isNaN(): Tensor<S, "bool">;
  logicalNot(): Tensor<S, "bool">;
  stopGradient(): Tensor<S, D>;

  // Two inputs, broadcast
  add<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, Numbered<Promote<D_<A>, D_<B>>>>;
  div<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, Floated<Promote<D_<A>, D_<B>>>>;
  maximum<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, Numbered<Promote<D_<A>, D_<B>>>>;
  minimum<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, Numbered<Promote<D_<A>, D_<B>>>>;
  mod<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, Numbered<Promote<D_<A>, D_<B>>>>;
  mul<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, Numbered<Promote<D_<A>, D_<B>>>>;
  pow<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, Floated<Promote<D_<A>, D_<B>>>>;
  sub<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, Numbered<Promote<D_<A>, D_<B>>>>;
  equal<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, "bool">;
  greater<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, "bool">;
  greaterEqual<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, "bool">;
  less<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, "bool">;
  lessEqual<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, "bool">;
  logicalAnd<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, "bool">;
  logicalOr<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, "bool">;
  notEqual<A extends Tensor, B extends Operand>(this: A, b: B & Fits<A, B>): Both<A, B, "bool">;
  matmul<A extends Tensor, B extends Tensor, const TA extends boolean = false, const TB extends boolean = false>(
    this: A,
    b: B & Check<MatMul<Swapped<S_<A>, TA>, Swapped<S_<B>, TB>>>,
    options?: MatMulOptions<TA, TB>,
  ): Tensor<Out<MatMul<Swapped<S_<A>, TA>, Swapped<S_<B>, TB>>>, Summed<Promote<D_<A>, D_<B>>>>;

  // Reductions
  all<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
    this: A,
    options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
  ): Reduced<A, X, K, "bool">;
  any<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
    this: A,
    options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
  ): Reduced<A, X, K, "bool">;
  logSumExp<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
    this: A,
    options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
  ): Reduced<A, X, K, Floated<D_<A>>>;
  max<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
    this: A,
    options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
  ): Reduced<A, X, K, D_<A>>;
  mean<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
    this: A,
    options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
  ): Reduced<A, X, K, Floated<D_<A>>>;
  min<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
    this: A,
    options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
  ): Reduced<A, X, K, D_<A>>;
  prod<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
    this: A,
    options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
  ): Reduced<A, X, K, Summed<D_<A>>>;
  std<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
    this: A,
    options?: VarianceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
  ): Reduced<A, X, K, Floated<D_<A>>>;
  sum<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
    this: A,
    options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
  ): Reduced<A, X, K, Summed<D_<A>>>;
  variance<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
    this: A,
    options?: VarianceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
  ): Reduced<A, X, K, Floated<D_<A>>>;
  argMax<A extends Tensor, const X extends number | undefined = undefined, const K extends boolean = false>(
    this: A,
    options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
  ): Reduced<A, X, K, "int32">;
  argMin<A extends Tensor, const X extends number | undefined = undefined, const K extends boolean = false>(
    this: A,
    options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
  ): Reduced<A, X, K, "int32">;

  logSoftmax<A extends Tensor>(this: A, options?: { readonly axis?: number }): Tensor<S_<A>, Floated<D_<A>>>;
  softmax<A extends Tensor>(this: A, options?: { readonly axis?: number }): Tensor<S_<A>, Floated<D_<A>>>;

  // Other shapes
  broadcastTo<A extends Tensor, const T extends Shape>(
    this: A,
    shape: T & Check<Broadcast<S_<A>, T>>,
  ): Tensor<Out<Mutable<T>>, D_<A>>;
  expandDims<A extends Tensor, const X extends number>(
    this: A,
    options: { readonly axis: X } & Check<Inserted<S_<A>, X, 1>>,
  ): Tensor<Out<Inserted<S_<A>, X, 1>>, D_<A>>;
  expectShape<const T extends readonly (number | null)[]>(shape: T): Tensor<Expected<T>, D>;
  flatten<A extends Tensor>(this: A): Tensor<Flat<S_<A>>, D_<A>>;
  gather<A extends Tensor, I extends Tensor<Any, "int32">, const X extends number = 0>(
    this: A,
    indices: I,
    options?: { readonly axis?: X } & Check<Gather<S_<A>, S_<I>, X>>,
  ): Tensor<Out<Gather<S_<A>, S_<I>, X>>, D_<A>>;
  pad<A extends Tensor>(this: A, widths: Widths, options?: PadOptions): Tensor<Out<Padded<S_<A>>>, D_<A>>;
  reshape<A extends Tensor, const T extends Shape>(
    this: A,
    shape: T & Check<Reshape<S_<A>, T>>,
  ): Tensor<Out<Reshape<S_<A>, T>>, D_<A>>;
  reverse(options?: { readonly axis?: number | readonly number[] }): Tensor<S, D>;
  slice<A extends Tensor, const P extends readonly Index[]>(
    this: A & Check<Slice<S_<A>, P>>,
    ...indices: P
  ): Tensor<Out<Slice<S_<A>, P>>, D_<A>>;
  split(parts: number | readonly number[], options?: { readonly axis?: number }): Tensor<Any, D>[];
  squeeze<A extends Tensor, const X extends Axes = undefined>(
    this: A,
    options?: { readonly axis?: X } & Check<Squeeze<S_<A>, X>>,
  ): Tensor<Out<Squeeze<S_<A>, X>>, D_<A>>;
  transpose<A extends Tensor, const P extends Shape | undefined = undefined>(
    this: A,
    perm?: P & Check<Transpose<S_<A>, P>>,
  ): Tensor<Out<Transpose<S_<A>, P>>, D_<A>>;
}

import { ShapeError } from "../core/errors.ts";
import { normalizeAxis, sameShape, shapeText } from "../core/shape.ts";
import type { Any, Check, Out, Shape, Text } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { assertIndices } from "./assert-indices.ts";
import { type Summed, summable } from "./sum.ts";

/**
 * y[pre, j, post] = the sum of x[pre, i, post] over all i with indices[i] = j, added in the order of i: gather's
 * transpose, and its gradient is a gather. As there, an index out of range in a program counts as the nearest position.
 */
export const scatterAddOp: Op<{ readonly axis: number; readonly size: number }> = {
  name: "scatterAdd",
  kind: "structural",
  infer: ([x, indices], { axis, size }) => [
    { shape: x.shape.toSpliced(axis, indices.shape.length, size), dtype: x.dtype },
  ],
  grad: ([dy], { inputs: [, indices], attrs: { axis } }, o) => [o.gather(dy, indices, { axis }), null],
};

/** S with its leading axes I replaced by one of size N; along other axes only the rank is told when it runs. */
export type ScatterAdd<S extends Shape, I extends Shape, N extends number, X> = number extends S["length"] | I["length"]
  ? Shape
  : [X] extends [0]
    ? Without<S, I> extends infer R
      ? R extends Shape
        ? [N, ...R]
        : `scatterAdd: indices ${Text<I>} do not fit ${Text<S>}`
      : never
    : Shape;
type Without<S extends Shape, I extends Shape> = I extends readonly [infer M extends number, ...infer I1 extends Shape]
  ? S extends readonly [infer N extends number, ...infer S1 extends Shape]
    ? [M & N] extends [never]
      ? null
      : Without<S1, I1>
    : null
  : S;

/**
 * The slices of x added up by int32 `indices`: result[j] is the sum of x[i] over all i with indices[i] = j, for j below
 * `size`. The indices stand for `axis` (0 by default) in x, as gather leaves them. Known indices are checked.
 */
export function scatterAdd<
  A extends Tensor,
  I extends Tensor<Any, "int32">,
  const N extends number,
  const X extends number = 0,
>(
  x: A,
  indices: I & Check<ScatterAdd<S_<A>, S_<I>, N, X>>,
  size: N,
  options?: { readonly axis?: X },
): Tensor<Out<ScatterAdd<S_<A>, S_<I>, N, X>>, Summed<D_<A>>> {
  return scattered(x, indices, size, options?.axis ?? 0);
}

function scattered(x: Tensor, indices: Tensor, size: number, axis: number): Tensor {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new ShapeError(`scatterAdd: expected a size, a whole number of at least 0, got ${String(size)}.`);
  }
  const rank = x.rank - indices.rank + 1;
  const along = rank < 1 ? 0 : normalizeAxis(axis, rank, "scatterAdd");
  if (!sameShape(x.shape.slice(along, along + indices.rank), indices.shape)) {
    throw new ShapeError(
      `scatterAdd: expected the axes of x from ${along} to be the indices' ${shapeText(indices.shape)}, got ${shapeText(x.shape)}. Give one index a slice.`,
    );
  }
  const sums = summable(x, "scatterAdd");
  assertIndices("scatterAdd", indices, x.shape.toSpliced(along, indices.rank, size), along);
  return apply(scatterAddOp, [sums, indices], { axis: along, size });
}

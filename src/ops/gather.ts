import { normalizeAxis } from "../core/shape.ts";
import type { Any, AxisNames, Check, NamesOfFirst, Out, Shape, Text } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { index, load, s } from "../ir/expr.ts";
import { assertIndices } from "./assert-indices.ts";

/**
 * y[pre, i, post] = x[pre, indices[i], post]. A program does not check its indices: one out of range reads the nearest
 * position, so that no other memory is touched. dx sums the dy of each position that was read: a scatterAdd.
 */
export const gatherOp: Op<{ readonly axis: number }> = {
  name: "gather",
  kind: "map",
  infer: ([x, indices], { axis }) => [
    { shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], dtype: x.dtype },
  ],
  scalar: ([x, indices], { axis }) => {
    const rank = indices.shape.length;
    const position = load(
      1,
      "int32",
      indices.shape.map((_, i) => index(axis + i)),
    );
    const inside = s.min(s.max(position, 0), x.shape[axis] - 1);
    const at = x.shape.map((_, i) => (i < axis ? index(i) : i === axis ? inside : index(i + rank - 1)));
    return { body: load(0, x.dtype, at) };
  },
  grad: ([dy], { inputs: [x, indices], attrs: { axis } }, o) => [
    o.scatterAdd(dy, indices, x.shape[axis], { axis }),
    null,
  ],
};

/** S with axis X replaced by the axes of I. */
export type Gather<S extends Shape, I extends Shape, X extends number> = number extends S["length"] | I["length"] | X
  ? Shape
  : `${X}` extends AxisNames<S>
    ? Replaced<S, I, X>
    : `gather: axis ${X} is out of range for shape ${Text<S>}`;
type Replaced<S extends Shape, I extends Shape, X extends number, Before extends Shape = []> = S extends readonly [
  infer H extends number,
  ...infer T extends Shape,
]
  ? `${X}` extends NamesOfFirst<Before, S>
    ? [...Before, ...I, ...T]
    : Replaced<T, I, X, [...Before, H]>
  : never;

/**
 * The slices of x at int32 `indices` along `axis` (0 by default), as NumPy's take: indices of any shape stand in the
 * result where the axis was. Indices with known values are checked; see gatherOp for those of a program.
 */
export function gather<A extends Tensor, I extends Tensor<Any, "int32">, const X extends number = 0>(
  x: A,
  indices: I,
  options?: { readonly axis?: X } & Check<Gather<S_<A>, S_<I>, X>>,
): Tensor<Out<Gather<S_<A>, S_<I>, X>>, D_<A>> {
  return gathered(x, indices, options?.axis ?? 0);
}

function gathered(x: Tensor, indices: Tensor, axis: number): Tensor {
  const along = normalizeAxis(axis, x.rank, "gather");
  assertIndices("gather", indices, x.shape, along);
  return apply(gatherOp, [x, indices], { axis: along });
}

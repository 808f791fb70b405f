import { ShapeError } from "../core/errors.ts";
import { broadcastShapes, sameShape, shapeText } from "../core/shape.ts";
import type { Check, Mutable, Out, Shape, Text } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import { nodeOfOp } from "../graph/node.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { constant, index, load } from "../ir/expr.ts";

/** y[..., i, ...] = x[..., 0, ...] where x has size 1: a view. Its gradient is the sum over the stretched axes. */
export const broadcastOp: Op<{ readonly shape: readonly number[] }> = {
  name: "broadcast",
  kind: "map",
  lazy: true,
  infer: (inputs, attrs) => [{ shape: attrs.shape, dtype: inputs[0].dtype }],
  scalar: (inputs, attrs) => {
    const { shape, dtype } = inputs[0];
    const skip = attrs.shape.length - shape.length;
    return {
      body: load(
        0,
        dtype,
        shape.map((n, axis) => (n === 1 ? constant(0, "int32") : index(axis + skip))),
      ),
    };
  },
  grad: ([dy], { inputs }, o) => {
    const { shape } = inputs[0];
    const full = dy.shape;
    const skip = full.length - shape.length;
    const axis = full.flatMap((n, i) => (i < skip || (shape[i - skip] === 1 && n !== 1) ? [i] : []));
    return [o.reshape(o.sum(dy, { axis, keepDims: true }), shape)];
  },
  simplify: ([x], attrs) => {
    const inner = nodeOfOp(x, broadcastOp);
    return inner === null ? null : { op: broadcastOp, inputs: inner.inputs, attrs };
  },
};

/** The shape of an elementwise op of A and B: sizes are aligned at the end, and a size of 1 stretches. */
export type Broadcast<A extends Shape, B extends Shape> = A extends unknown
  ? B extends unknown
    ? number extends A["length"] | B["length"]
      ? Shape
      : [A, B] extends [B, A]
        ? A
        : Aligned<A, B> extends infer R
          ? R extends Shape
            ? R
            : `shapes ${Text<A>} and ${Text<B>} do not broadcast${ColumnHint<A, B>}`
          : never
    : never
  : never;

type Aligned<A extends Shape, B extends Shape, Done extends Shape = []> = A extends readonly [
  ...infer A1 extends Shape,
  infer M extends number,
]
  ? B extends readonly [...infer B1 extends Shape, infer N extends number]
    ? Stretched<M, N> extends infer R
      ? R extends number
        ? Aligned<A1, B1, [R, ...Done]>
        : R
      : never
    : [...A, ...Done]
  : [...B, ...Done];

/** An open size may be 1, so that against 1 it is open still; against another it is that one or broadcasts to it. */
type Stretched<M extends number, N extends number> = [M] extends [1]
  ? N
  : [N] extends [1]
    ? M
    : [M & N] extends [never]
      ? 1 extends M | N
        ? number
        : "clash"
      : M & N;

type ColumnHint<A extends Shape, B extends Shape> = A extends readonly [infer N extends number]
  ? B extends readonly [...unknown[], N, number]
    ? `: a (${N},) vector is not a (${N}, 1) column`
    : ""
  : B extends readonly [infer N extends number]
    ? A extends readonly [...unknown[], N, number]
      ? `: a (${N},) vector is not a (${N}, 1) column`
      : ""
    : "";

/** x stretched to a shape by NumPy's rules. */
export function broadcastTo<A extends Tensor, const T extends Shape>(
  x: A,
  shape: T & Check<Broadcast<S_<A>, T>>,
): Tensor<Out<Mutable<T>>, D_<A>> {
  return stretched(x, shape);
}

function stretched(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes(x.shape, shape, "broadcastTo"), shape)) {
    throw new ShapeError(`broadcastTo: ${shapeText(x.shape)} does not stretch to ${shapeText(shape)}.`);
  }
  return apply(broadcastOp, [x], { shape: [...shape] });
}

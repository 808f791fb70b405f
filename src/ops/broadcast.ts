import { ShapeError } from "../core/errors.ts";
import { broadcastShapes, sameShape, shapeText } from "../core/shape.ts";
import type { Shape } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
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
    return { body: load(0, dtype, shape.map((n, axis) => (n === 1 ? constant(0, "int32") : index(axis + skip)))) };
  },
  grad: ([dy], { inputs }, o) => {
    const { shape } = inputs[0];
    const full = dy.shape;
    const skip = full.length - shape.length;
    const axis = full.flatMap((n, i) => (i < skip || (shape[i - skip] === 1 && n !== 1) ? [i] : []));
    return [o.reshape(o.sum(dy, { axis, keepDims: true }), shape)];
  },
};

/** x stretched to a shape by NumPy's rules. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes(x.shape, shape, "broadcastTo"), shape)) {
    throw new ShapeError(`broadcastTo: ${shapeText(x.shape)} does not stretch to ${shapeText(shape)}.`);
  }
  return apply(broadcastOp, [x], { shape: [...shape] });
}

import { ShapeError } from "../core/errors.ts";
import { normalizeAxis, shapeText } from "../core/shape.ts";
import type { AxisNames, Check, Out, Shape, SizeAt, Text } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import { nodeOfOp } from "../graph/node.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { index, load } from "../ir/expr.ts";
import { reshapeOp } from "./reshape.ts";

/** Axis k of y is axis perm[k] of x; dx is dy with the axes put back. */
export const transposeOp: Op<{ readonly perm: readonly number[] }> = {
  name: "transpose",
  kind: "map",
  infer: ([{ shape, dtype }], { perm }) => [{ shape: perm.map((axis) => shape[axis]), dtype }],
  scalar: ([{ dtype }], { perm }) => ({ body: load(0, dtype, inverse(perm).map(index)) }),
  grad: ([dy], { attrs: { perm } }, o) => [o.transpose(dy, inverse(perm))],
  simplify: ([x], { perm }) => {
    const inner = nodeOfOp(x, transposeOp);
    if (inner !== null)
      return { op: transposeOp, inputs: inner.inputs, attrs: { perm: perm.map((k) => inner.attrs.perm[k]) } };
    return keepsOrder(x.shape, perm)
      ? { op: reshapeOp, inputs: [x], attrs: { shape: perm.map((k) => x.shape[k]) } }
      : null;
  },
};

/** Whether only axes of size 1 move, so that the values stay where they are. */
function keepsOrder(shape: Shape, perm: readonly number[]): boolean {
  const moved = perm.filter((axis) => shape[axis] !== 1);
  return moved.every((axis, i) => i === 0 || axis > moved[i - 1]);
}

function inverse(perm: readonly number[]): number[] {
  return perm.map((_, axis) => perm.indexOf(axis));
}

/** The shape with its axes in the order P; reversed when P is undefined. */
export type Transpose<S extends Shape, P> = S extends unknown
  ? number extends S["length"]
    ? Shape
    : P extends Shape
      ? number extends P["length"] | P[number]
        ? Shape
        : [P["length"], Exclude<`${P[number]}`, AxisNames<S>>] extends [S["length"], never]
          ? { -readonly [I in keyof P]: SizeAt<S, P[I]> }
          : `transpose: axes ${Text<P>} do not fit shape ${Text<S>}`
      : Backwards<S>
  : never;
type Backwards<S extends Shape, Done extends Shape = []> = S extends readonly [
  infer H extends number,
  ...infer T extends Shape,
]
  ? Backwards<T, [H, ...Done]>
  : Done;

/** x with its axes in another order: reversed by default, as in NumPy; negative axes count from the end. */
export function transpose<A extends Tensor, const P extends Shape | undefined = undefined>(
  x: A,
  perm?: P & Check<Transpose<S_<A>, P>>,
): Tensor<Out<Transpose<S_<A>, P>>, D_<A>> {
  return transposed(x, perm);
}

function transposed(x: Tensor, axes: Shape | undefined): Tensor {
  const perm = orderOf(axes, x.shape);
  return perm.every((axis, k) => axis === k) ? x : apply(transposeOp, [x], { perm });
}

function orderOf(axes: Shape | undefined, shape: Shape): number[] {
  if (axes === undefined) return shape.map((_, k) => shape.length - 1 - k);
  const perm = axes.map((axis) => normalizeAxis(axis, shape.length, "transpose"));
  if (perm.length !== shape.length || new Set(perm).size !== perm.length) {
    throw new ShapeError(
      `transpose: axes [${axes.join(", ")}] do not fit shape ${shapeText(shape)}. Name each of its ${shape.length} axes once.`,
    );
  }
  return perm;
}

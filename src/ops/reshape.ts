import { ShapeError } from "../core/errors.ts";
import { sameShape, shapeText, sizeOf, stridesOf } from "../core/shape.ts";
import type { Product, SameSize } from "../core/shape-arithmetic.ts";
import type { Check, Mutable, Out, Shape, Text } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import { nodeOfOp } from "../graph/node.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { constant, type Expr, index, load, s } from "../ir/expr.ts";

/** The same values in the same order under another shape: a view. */
export const reshapeOp: Op<{ readonly shape: readonly number[] }> = {
  name: "reshape",
  kind: "map",
  alias: true,
  infer: (inputs, attrs) => {
    const { shape, dtype } = inputs[0];
    if (sizeOf(shape) !== sizeOf(attrs.shape)) throw new ShapeError(sizesDiffer(shape, attrs.shape));
    return [{ shape: attrs.shape, dtype }];
  },
  scalar: (inputs, attrs) => ({ body: load(0, inputs[0].dtype, coordinatesBefore(inputs[0].shape, attrs.shape)) }),
  grad: ([dy], { inputs }, o) => [o.reshape(dy, inputs[0].shape)],
  simplify: ([x], attrs) => {
    if (sameShape(x.shape, attrs.shape)) return x;
    const inner = nodeOfOp(x, reshapeOp);
    return inner === null ? null : { op: reshapeOp, inputs: inner.inputs, attrs };
  },
};

/**
 * The input's coordinates in those of the output. Both shapes are cut into the shortest groups of axes with equal
 * products, so that an axis that stays is read straight and only merged or split axes need arithmetic.
 */
function coordinatesBefore(from: Shape, to: Shape): Expr[] {
  if (sizeOf(from) === 0) return from.map(() => constant(0, "int32"));
  const coordinates: Expr[] = [];
  let i = 0;
  let j = 0;
  while (i < from.length || j < to.length) {
    const [i0, j0] = [i, j];
    let [m, n] = [from[i++] ?? 1, to[j++] ?? 1];
    while (m !== n) {
      if (m < n) m *= from[i++];
      else n *= to[j++];
    }
    coordinates.push(...split(joined(to, j0, j), from.slice(i0, i)));
  }
  return coordinates;
}

/** The position within the output's axes `start` to `end`, taken as one axis. */
function joined(shape: Shape, start: number, end: number): Expr {
  const strides = stridesOf(shape.slice(start, end));
  let at: Expr = constant(0, "int32");
  strides.forEach((stride, k) => {
    if (start + k >= shape.length || shape[start + k] === 1) return;
    const term = stride === 1 ? index(start + k) : s.mul(index(start + k), stride);
    at = at.kind === "const" ? term : s.add(at, term);
  });
  return at;
}

/** The coordinates of position `at` on axes of these sizes. */
function split(at: Expr, sizes: Shape): Expr[] {
  const strides = stridesOf(sizes);
  const first = sizes.findIndex((n) => n !== 1);
  return sizes.map((n, axis) => {
    if (n === 1) return constant(0, "int32");
    const whole = strides[axis] === 1 ? at : s.floorDiv(at, strides[axis]);
    return axis === first ? whole : s.mod(whole, n);
  });
}

/** -1 stands for a size that the others leave open, so it is checked when it runs. */
export type Reshape<S extends Shape, T extends Shape> = number extends T["length"]
  ? Shape
  : -1 extends T[number]
    ? { -readonly [I in keyof T]: T[I] extends -1 ? number : T[I] }
    : SameSize<S, T> extends true
      ? Mutable<T>
      : `reshape: ${Product<S>} values of shape ${Text<S>} do not fill ${Text<T>}, ${Product<T>} values`;

/** x with another shape of the same size; one size may be -1: what the others leave. */
export function reshape<A extends Tensor, const T extends Shape>(
  x: A,
  shape: T & Check<Reshape<S_<A>, T>>,
): Tensor<Out<Reshape<S_<A>, T>>, D_<A>> {
  return reshaped(x, completed(x.shape, shape));
}

function reshaped(x: Tensor, shape: readonly number[]): Tensor {
  return sameShape(x.shape, shape) ? x : apply(reshapeOp, [x], { shape });
}

function completed(from: Shape, to: Shape): readonly number[] {
  const open = to.indexOf(-1);
  for (const n of to) {
    if (!Number.isInteger(n) || n < -1)
      throw new ShapeError(`reshape: sizes are integers of at least 0, or -1 once, got [${to.join(", ")}].`);
  }
  if (open !== to.lastIndexOf(-1)) throw new ShapeError(`reshape: at most one size may be -1, got [${to.join(", ")}].`);
  const known = sizeOf(to.filter((n) => n !== -1));
  if (open !== -1) {
    const rest = sizeOf(from) / known;
    if (!Number.isInteger(rest)) throw new ShapeError(sizesDiffer(from, to));
    return to.map((n) => (n === -1 ? rest : n));
  }
  if (known !== sizeOf(from)) throw new ShapeError(sizesDiffer(from, to));
  return [...to];
}

function sizesDiffer(from: Shape, to: Shape): string {
  const wanted = to.includes(-1) ? `${shapeText(to)} for any size at -1` : `${shapeText(to)}, ${sizeOf(to)} values`;
  return `reshape: ${sizeOf(from)} values of shape ${shapeText(from)} do not fill ${wanted}. Use -1 for the size that is left.`;
}

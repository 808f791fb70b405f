import { type DType, type Promote, promote } from "../core/dtype.ts";
import { ShapeError } from "../core/errors.ts";
import { normalizeAxis, shapeText } from "../core/shape.ts";
import type { Add } from "../core/shape-arithmetic.ts";
import type { AxisNames, Check, NamesOfFirst, Out, Shape, Text } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { Op, Spec } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { type Expr, index, load, s } from "../ir/expr.ts";
import { castTo } from "./cast.ts";
import { coordinates } from "./element.ts";
import type { Index } from "./slice.ts";

/** y = the inputs one after another along an axis; each dx is its slice of dy. */
export const concatOp: Op<{ readonly axis: number }> = {
  name: "concat",
  kind: "map",
  infer: (inputs, { axis }) => [
    { shape: inputs[0].shape.with(axis, offsetsOf(inputs, axis)[inputs.length]), dtype: inputs[0].dtype },
  ],
  scalar: (inputs, { axis }) => ({ body: pick(inputs, axis, offsetsOf(inputs, axis), 0, inputs.length) }),
  grad: ([dy], { inputs, attrs: { axis } }, o) => {
    const offsets = offsetsOf(inputs, axis);
    const before = new Array<Index>(axis).fill(null);
    return inputs.map((_, i) => o.slice(dy, ...before, [offsets[i], offsets[i + 1]]));
  },
};

/** Where each input begins along the axis, and where the last one ends. */
function offsetsOf(inputs: readonly Spec[], axis: number): number[] {
  const offsets = [0];
  for (const { shape } of inputs) offsets.push(offsets[offsets.length - 1] + shape[axis]);
  return offsets;
}

/** The element of one of the inputs `low` to `high`, found by halving; the others' loads are guarded. */
function pick(inputs: readonly Spec[], axis: number, offsets: readonly number[], low: number, high: number): Expr {
  const at = index(axis);
  if (high - low === 1) {
    const { shape, dtype } = inputs[low];
    const inside = s.and(s.ge(at, offsets[low]), s.lt(at, offsets[high]));
    return load(low, dtype, coordinates(shape.length).with(axis, s.sub(at, offsets[low])), inside);
  }
  const middle = (low + high) >> 1;
  const [first, second] = [pick(inputs, axis, offsets, low, middle), pick(inputs, axis, offsets, middle, high)];
  return s.select(s.lt(at, offsets[middle]), first, second);
}

/** The shape of tensors one after another along axis X. */
export type Concat<Ts extends readonly unknown[], X extends number> = number extends Ts["length"] | X
  ? Shape
  : Ts extends readonly [infer A, ...infer R]
    ? Chained<S_<A>, R, X>
    : "concat: expected at least one tensor";

type Chained<A extends Shape, Ts extends readonly unknown[], X extends number> = Ts extends readonly [
  infer B,
  ...infer R,
]
  ? Pair<A, S_<B>, X> extends infer C
    ? C extends Shape
      ? Chained<C, R, X>
      : C
    : never
  : A;

type Pair<A extends Shape, B extends Shape, X extends number> = number extends A["length"] | B["length"]
  ? Shape
  : `${X}` extends AxisNames<A>
    ? Lengthened<A, B, X> extends infer C
      ? C extends Shape
        ? C
        : `concat: shapes ${Text<A>} and ${Text<B>} differ off axis ${X}`
      : never
    : `concat: axis ${X} is out of range for shape ${Text<A>}`;

type Lengthened<
  A extends Shape,
  B extends Shape,
  X extends number,
  Before extends Shape = [],
  Done extends Shape = [],
> = A extends readonly [infer M extends number, ...infer A1 extends Shape]
  ? B extends readonly [infer N extends number, ...infer B1 extends Shape]
    ? `${X}` extends NamesOfFirst<Before, A>
      ? Lengthened<A1, B1, X, [...Before, M], [...Done, Add<M, N>]>
      : [M & N] extends [never]
        ? "differ"
        : Lengthened<A1, B1, X, [...Before, M], [...Done, M & N]>
    : "differ"
  : B extends readonly []
    ? Done
    : "differ";

/** The dtype that all of the tensors promote to. */
export type PromoteAll<Ts extends readonly unknown[]> = Ts extends readonly [infer A, infer B, ...infer R]
  ? PromoteAll<[Tensor<Shape, Promote<D_<A>, D_<B>>>, ...R]>
  : D_<Ts[number]>;

/** Tensors one after another along `axis` (0 by default); their other sizes are equal. */
export function concat<const Ts extends readonly Tensor[], const X extends number = 0>(
  tensors: Ts & Check<Concat<Ts, X>>,
  options: { readonly axis?: X } = {},
): Tensor<Out<Concat<Ts, X>>, PromoteAll<Ts>> {
  return joined(tensors, options.axis ?? 0);
}

function joined(tensors: readonly Tensor[], axis: number): Tensor {
  if (tensors.length === 0) throw new ShapeError("concat: expected at least one tensor, got an empty list.");
  const [first] = tensors;
  const along = normalizeAxis(axis, first.rank, "concat");
  for (const x of tensors) {
    if (x.rank !== first.rank || !x.shape.every((n: number, i: number) => i === along || n === first.shape[i])) {
      throw new ShapeError(
        `concat: shapes ${shapeText(first.shape)} and ${shapeText(x.shape)} differ off axis ${axis}. Only that axis may differ; stack joins along a new one.`,
      );
    }
  }
  if (tensors.length === 1) return first;
  const dtype = tensors.map((x): DType => x.dtype).reduce((a, b) => promote(a, b, "concat"));
  return chained(
    tensors.map((x) => (x.dtype === dtype ? x : castTo(x, dtype))),
    along,
  );
}

/** A kernel looks through all its inputs for each element, so that many are joined in groups first. */
const AT_ONCE = 16;

function chained(tensors: readonly Tensor[], axis: number): Tensor {
  if (tensors.length <= AT_ONCE) return apply(concatOp, tensors, { axis });
  const size = Math.ceil(tensors.length / AT_ONCE);
  const groups = Array.from({ length: Math.ceil(tensors.length / size) }, (_, i) =>
    tensors.slice(i * size, (i + 1) * size),
  );
  return chained(
    groups.map((group): Tensor => (group.length === 1 ? group[0] : chained(group, axis))),
    axis,
  );
}

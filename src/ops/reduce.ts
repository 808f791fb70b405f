import type { DType } from "../core/dtype.ts";
import { DTypeError, ShapeError } from "../core/errors.ts";
import { normalizeAxes, shapeText, sizeOf } from "../core/shape.ts";
import type { AxisNames, NamesOfFirst, Shape, Text } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type Combine, index, load, range } from "../ir/expr.ts";
import { castTo } from "./cast.ts";
import { reshape } from "./reshape.ts";

/** The axes of a public reduction: one, several, or (undefined) all. */
export type Axes = number | readonly number[] | undefined;

export interface ReduceOptions<X extends Axes, K extends boolean> {
  readonly axis?: X;
  /** Keeps the reduced axes, with size 1. */
  readonly keepDims?: K;
}

/** One run of neighbouring axes, which a primitive reduction removes: a backend sees [pre, R, post]. */
export type ReduceAttrs = { readonly axis: number; readonly count: number };

interface ReduceRule {
  readonly name: string;
  readonly combine: Combine;
  /** The output's dtype: the input's by default. */
  readonly gives?: DType;
  readonly grad?: Op<ReduceAttrs>["grad"];
}

/** y[pre, post] = x[pre, 0, post] combined with x[pre, 1, post] and so on. */
export function reducer(rule: ReduceRule): Op<ReduceAttrs> {
  return {
    name: rule.name,
    kind: "reduce",
    infer: ([{ shape, dtype }], { axis, count }) => [
      { shape: shape.toSpliced(axis, count), dtype: rule.gives ?? dtype },
    ],
    scalar: ([{ shape, dtype }], { axis, count }) => ({
      body: load(
        0,
        dtype,
        shape.map((_, i) => (i < axis ? index(i) : i < axis + count ? range(i - axis) : index(i - count))),
      ),
      ranges: shape.slice(axis, axis + count),
      combine: rule.combine,
    }),
    ...(rule.grad === undefined ? {} : { grad: rule.grad }),
  };
}

/** The shape with the reduced run as axes of size 1: what a gradient stretches back. */
export function keptShape(shape: Shape, { axis, count }: ReduceAttrs): number[] {
  return shape.map((n, i) => (i >= axis && i < axis + count ? 1 : n));
}

/** [pre, R, post]: the reduced run as one axis between the rest. */
export function asRun(shape: Shape, { axis, count }: ReduceAttrs): [number, number, number] {
  return [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis, axis + count)), sizeOf(shape.slice(axis + count))];
}

/** Reduces over axes: a primitive for each run of neighbours, the last first. */
export function applyReduce(
  op: Op<ReduceAttrs>,
  x: Tensor,
  axes: Axes,
  keepDims: boolean | undefined,
  where: string = op.name,
): Tensor {
  const reduced = normalizeAxes(axes, x.rank, where);
  let y = x;
  for (let end = reduced.length; end > 0; ) {
    let start = end - 1;
    while (start > 0 && reduced[start - 1] === reduced[start] - 1) start--;
    y = reduceRun(op, y, { axis: reduced[start], count: end - start });
    end = start;
  }
  if (keepDims !== true) return y;
  const kept: Shape = x.shape.map((n: number, i: number) => (reduced.includes(i) ? 1 : n));
  return reshape(y, kept);
}

/** One run of axes; joining single values is a matter of shape alone. */
function reduceRun(op: Op<ReduceAttrs>, x: Tensor, attrs: ReduceAttrs): Tensor {
  const joinsOne = asRun(x.shape, attrs)[1] === 1 && op.scalar?.([x], attrs, 0).combine !== "argmax";
  return joinsOne ? reshape(x, x.shape.toSpliced(attrs.axis, attrs.count)) : apply(op, [x], attrs);
}

/** A reduction that chooses among values: there must be some, and a bool's choice is a bool. */
export function applyChoice(op: Op<ReduceAttrs>, x: Tensor, axes: Axes, keepDims: boolean | undefined): Tensor {
  assertNumbers(x, op.name);
  assertNonEmpty(x, axes, op.name);
  if (x.dtype !== "bool") return applyReduce(op, x, axes, keepDims);
  return castTo(applyReduce(op, castTo(x, "int32"), axes, keepDims), "bool");
}

/** Throws for random keys, whose words are not numbers. */
export function assertNumbers(x: Tensor, where: string): void {
  if (x.dtype === "uint32")
    throw new DTypeError(`${where}: expected numbers, got uint32 (a random key). Cast it first.`);
}

/** The number of values that each output joins. */
export function reducedSize(x: Tensor, axes: Axes, where: string): number {
  return sizeOf(normalizeAxes(axes, x.rank, where).map((axis) => x.shape[axis]));
}

/** Throws where there is no value to choose from: an empty maximum has none. */
export function assertNonEmpty(x: Tensor, axes: Axes, where: string): void {
  if (x.size === 0 && reducedSize(x, axes, where) === 0) {
    throw new ShapeError(
      `${where}: no values to choose from on an empty axis of shape ${shapeText(x.shape)}. Check that the data are not empty.`,
    );
  }
}

/** The shape without the axes X (all of them when undefined), or with size 1 there. */
export type Reduce<S extends Shape, X, Keep extends boolean> = S extends unknown
  ? number extends S["length"]
    ? Shape
    : boolean extends Keep
      ? Shape
      : [X] extends [undefined]
        ? Without<S, AxisNames<S>, Keep>
        : number extends Listed<X>
          ? Shape
          : [Exclude<`${Listed<X>}`, AxisNames<S>>] extends [never]
            ? Without<S, `${Listed<X>}`, Keep>
            : `axis ${Exclude<`${Listed<X>}`, AxisNames<S>>} is out of range for shape ${Text<S>}`
  : never;

type Listed<X> = (X extends Shape ? X[number] : X) & number;

type Without<S extends Shape, Names, Keep, Before extends Shape = [], Done extends Shape = []> = S extends readonly [
  infer H extends number,
  ...infer T extends Shape,
]
  ? [Extract<Names, NamesOfFirst<Before, S>>] extends [never]
    ? Without<T, Names, Keep, [...Before, H], [...Done, H]>
    : Without<T, Names, Keep, [...Before, H], Keep extends true ? [...Done, 1] : Done>
  : Done;

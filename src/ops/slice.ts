import { ShapeError, ValueError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import type { Check, Out, Shape, Text } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { type Expr, index, load, s } from "../ir/expr.ts";
import { reshape } from "./reshape.ts";

type SliceAttrs = {
  readonly start: readonly number[];
  readonly size: readonly number[];
  readonly step: readonly number[];
};

/** y[i] = x[start + i step] on every axis. dx is dy with its zeros put back, turned round where a step is negative. */
export const sliceOp: Op<SliceAttrs> = {
  name: "slice",
  kind: "map",
  infer: ([{ dtype }], { size }) => [{ shape: size, dtype }],
  scalar: ([{ dtype }], { start, step }) => ({
    body: load(
      0,
      dtype,
      start.map((from, axis) => position(from, axis, step[axis])),
    ),
  }),
  grad: ([dy], { inputs: [x], attrs: { start, size, step } }, o) => {
    const upward = o.slice(dy, ...step.map((by): Index => (by < 0 ? [null, null, -1] : null)));
    const widths = start.map((from, axis): [number, number] => {
      if (size[axis] === 0) return [0, x.shape[axis]];
      const to = from + (size[axis] - 1) * step[axis];
      return [Math.min(from, to), x.shape[axis] - 1 - Math.max(from, to)];
    });
    return [o.pad(upward, widths, { interior: step.map((by) => Math.abs(by) - 1) })];
  },
};

function position(from: number, axis: number, step: number): Expr {
  const scaled = step === 1 ? index(axis) : s.mul(index(axis), step);
  return from === 0 ? scaled : s.add(scaled, from);
}

/**
 * What to take of an axis: a number takes one position and drops the axis, [start, end, step] a range (null or
 * left out: open), null all of it; "..." stands for all axes that the others leave.
 */
export type Index = number | null | "..." | readonly [start: number | null, end?: number | null, step?: number];

/** The rank is known; the length of a range is not. */
export type Slice<S extends Shape, P extends readonly unknown[], All extends Shape = S> = number extends
  | S["length"]
  | P["length"]
  ? Shape
  : "..." extends P[number]
    ? Shape
    : P extends readonly [infer I, ...infer Q]
      ? S extends readonly [infer H extends number, ...infer T extends Shape]
        ? Slice<T, Q, All> extends infer R
          ? R extends Shape
            ? I extends number
              ? R
              : [I extends null ? H : number, ...R]
            : R
          : never
        : `slice: too many indices for shape ${Text<All>}`
      : S;

/**
 * NumPy's indexing: x[0:5, :, -1] is slice(x, [0, 5], null, -1). Negative positions count from the end, ranges are cut
 * to the axis, a negative step goes backwards, and axes that are not named are taken whole.
 */
export function slice<A extends Tensor, const P extends readonly Index[]>(
  x: A & Check<Slice<S_<A>, P>>,
  ...indices: P
): Tensor<Out<Slice<S_<A>, P>>, D_<A>> {
  return sliced(x, indices);
}

function sliced(x: Tensor, indices: readonly Index[]): Tensor {
  const each = spread(indices, x.shape);
  const ranges = each.map((at, axis) => rangeOf(at, x.shape[axis], axis));
  const whole = ranges.every(({ start, size, step }, axis) => start === 0 && step === 1 && size === x.shape[axis]);
  const y = whole
    ? x
    : apply(sliceOp, [x], {
        start: ranges.map((range) => range.start),
        size: ranges.map((range) => range.size),
        step: ranges.map((range) => range.step),
      });
  const kept: Shape = y.shape.filter((_: number, axis: number) => typeof each[axis] !== "number");
  return reshape(y, kept);
}

/** One index an axis: "..." and what is left out become null. */
function spread(indices: readonly Index[], shape: Shape): Index[] {
  const dots = indices.indexOf("...");
  const missing = shape.length - indices.filter((at) => at !== "...").length;
  if (missing < 0) {
    throw new ShapeError(
      `slice: ${shape.length - missing} indices for shape ${shapeText(shape)}. Give at most one an axis.`,
    );
  }
  if (dots !== indices.lastIndexOf("..."))
    throw new ValueError('slice: "..." may stand once. Write null for each axis to keep.');
  const all = new Array<Index>(missing).fill(null);
  return dots === -1 ? [...indices, ...all] : [...indices.slice(0, dots), ...all, ...indices.slice(dots + 1)];
}

/** Python's rules: slice(start, end, step).indices(n). */
function rangeOf(at: Index, n: number, axis: number): { start: number; size: number; step: number } {
  if (typeof at === "number") {
    const start = at < 0 ? at + n : at;
    if (!Number.isInteger(at) || start < 0 || start >= n) {
      throw new ShapeError(
        `slice: index ${at} is out of range for axis ${axis} of size ${n}; expected ${-n} to ${n - 1}.`,
      );
    }
    return { start, size: 1, step: 1 };
  }
  const [from, to, step = 1] = at === null || at === "..." ? [null, null] : at;
  if (![from ?? 0, to ?? 0, step].every(Number.isInteger) || step === 0) {
    throw new ValueError(
      `slice: axis ${axis} expects [start, end, step] of integers (or null) with a step other than 0, got ${JSON.stringify(at)}.`,
    );
  }
  const [low, high] = step > 0 ? [0, n] : [-1, n - 1];
  const cut = (p: number): number => Math.min(Math.max(p < 0 ? p + n : p, low), high);
  const start = from === null ? (step > 0 ? low : high) : cut(from);
  const end = to === null || to === undefined ? (step > 0 ? high : low) : cut(to);
  return { start, size: Math.max(0, Math.ceil((end - start) / step)), step };
}

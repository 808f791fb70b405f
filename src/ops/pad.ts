import { ShapeError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import type { Out, Shape } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { constant, type Expr, index, load, s } from "../ir/expr.ts";
import type { Index } from "./slice.ts";

type PadAttrs = {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly interior: readonly number[];
  readonly value: number;
};

/** y[before + i (interior + 1)] = x[i] on every axis, `value` elsewhere; dx is the slice of dy where x went. */
export const padOp: Op<PadAttrs> = {
  name: "pad",
  kind: "map",
  infer: ([{ shape, dtype }], { before, after, interior }) => [
    { shape: shape.map((n, axis) => before[axis] + n + Math.max(0, n - 1) * interior[axis] + after[axis]), dtype },
  ],
  scalar: ([{ shape, dtype }], { before, after, interior, value }) => {
    const conditions: Expr[] = [];
    const at = shape.map((n, axis): Expr => {
      const offset = before[axis] === 0 ? index(axis) : s.sub(index(axis), before[axis]);
      const stride = interior[axis] + 1;
      if (before[axis] > 0) conditions.push(s.ge(offset, 0));
      if (after[axis] > 0) conditions.push(s.lt(offset, (n - 1) * stride + 1));
      if (stride === 1) return offset;
      conditions.push(s.eq(s.mod(offset, stride), 0));
      return s.floorDiv(offset, stride);
    });
    if (conditions.length === 0) return { body: load(0, dtype, at) };
    const inside = conditions.reduce((a, b) => s.and(a, b));
    const element = load(0, dtype, at, inside); // a guarded load gives 0 outside
    return { body: value === 0 ? element : s.select(inside, element, constant(value, dtype)) };
  },
  grad: ([dy], { inputs: [x], attrs: { before, interior } }, o) => {
    const ranges = before.map((from, axis): Index => {
      const n: number = x.shape[axis];
      return [from, n === 0 ? from : from + (n - 1) * (interior[axis] + 1) + 1, interior[axis] + 1];
    });
    return [o.slice(dy, ...ranges)];
  },
};

export interface PadOptions {
  /** What fills the border, 0 by default. */
  readonly value?: number;
  /** How many values to put between neighbours, for each axis. */
  readonly interior?: readonly number[];
}

/** x with a border: `widths` has [before, after] for each axis, or one pair for all of them. */
export function pad<A extends Tensor>(
  x: A,
  widths: Widths,
  options: PadOptions = {},
): Tensor<Out<Padded<S_<A>>>, D_<A>> {
  return padded(x, widths, options);
}

/** Only the rank is known. */
export type Padded<S extends Shape> = number extends S["length"]
  ? Shape
  : S extends readonly [number, ...infer T extends Shape]
    ? [number, ...Padded<T>]
    : [];

export type Widths = readonly [number, number] | readonly (readonly [number, number])[];

function padded(x: Tensor, widths: Widths, { value = 0, interior = x.shape.map(() => 0) }: PadOptions): Tensor {
  const pairs = isPair(widths) ? x.shape.map(() => widths) : widths;
  const sizes = [...pairs.flat(), ...interior];
  if (pairs.length !== x.rank || interior.length !== x.rank || !sizes.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new ShapeError(
      `pad: expected [before, after] of integers of at least 0 for each axis of shape ${shapeText(x.shape)}, got ${JSON.stringify(widths)}. Use slice to cut.`,
    );
  }
  if (sizes.every((n) => n === 0)) return x;
  return apply(padOp, [x], {
    before: pairs.map(([before]) => before),
    after: pairs.map(([, after]) => after),
    interior: [...interior],
    value,
  });
}

function isPair(widths: Widths): widths is readonly [number, number] {
  return typeof widths[0] === "number";
}

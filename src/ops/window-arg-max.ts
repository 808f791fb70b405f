import type { DType } from "../core/dtype.ts";
import type { Check, Out } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { Op, Spec } from "../graph/op.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
import { constant, type Expr, index, load, range, s } from "../ir/expr.ts";
import { castTo } from "./cast.ts";
import { type Pool, type PoolAttrs, poolAttrs } from "./pool-window.ts";
import { assertNumbers } from "./reduce.ts";
import { coveredPlaces, type Padding, type Sizes, type WindowOptions, windowCounts } from "./window.ts";

/** What padding counts as: no value is less. A window of nothing but this much is taken at its first place. */
const LEAST: Readonly<Record<DType, number>> = {
  float32: Number.NEGATIVE_INFINITY,
  float64: Number.NEGATIVE_INFINITY,
  int32: -(2 ** 31),
  uint8: 0,
  bool: 0,
  uint32: 0,
};

/**
 * y[b, i, c] = the position in the window, in row-major order, of the greatest x[b, i s + k - p, c]: the first of
 * equals, and a NaN before any.
 */
export const windowArgMaxOp: Op<PoolAttrs> = {
  name: "windowArgMax",
  kind: "reduce",
  infer: ([{ shape }], attrs) => [
    {
      shape: [shape[0], ...windowCounts(shape.slice(1, -1), attrs.window, attrs), shape[shape.length - 1]],
      dtype: "int32",
    },
  ],
  scalar: ([x], attrs) => ({ body: coveredValue(x, attrs), ranges: attrs.window, combine: "argmax" }),
};

/** The value that a window covers at the range's place: the least there is on padding. */
export function coveredValue({ shape, dtype }: Spec, attrs: PoolAttrs): Expr {
  const space = shape.slice(1, -1);
  const [i, k] = [space.map((_, axis) => index(1 + axis)), space.map((_, axis) => range(axis))];
  const { at, inside } = coveredPlaces(space, i, k, attrs);
  const value = load(0, dtype, [index(0), ...at, index(shape.length - 1)], inside);
  return inside === null ? value : s.select(inside, value, constant(LEAST[dtype], dtype));
}

/**
 * Where the greatest value of each window is: its position in the window, counted row by row. x is [batch, ...space,
 * channels]; padding is never chosen before a place of x, but counted. maxPool takes the values themselves.
 */
export function windowArgMax<
  A extends Tensor,
  const K extends Sizes,
  const T extends Sizes = 1,
  const P extends Padding = "valid",
>(
  x: A,
  window: K & Check<Pool<S_<A>, K, T, P>>,
  options: WindowOptions<T, P> = {},
): Tensor<Out<Pool<S_<A>, K, T, P>>, "int32"> {
  assertNumbers(x, "windowArgMax");
  const numbers = x.dtype === "bool" ? castTo(x, "int32") : x;
  return apply(windowArgMaxOp, [numbers], poolAttrs("windowArgMax", x.shape, window, options));
}

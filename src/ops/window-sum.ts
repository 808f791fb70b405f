import type { Check, Out } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { index, load, range } from "../ir/expr.ts";
import { type Pool, type PoolAttrs, poolAttrs } from "./pool-window.ts";
import { type Summed, summable } from "./sum.ts";
import { coveredPlaces, type Padding, type Sizes, type WindowOptions, windowCounts } from "./window.ts";

/**
 * y[b, i, c] = sum over k of x[b, i s + k - p, c]. dx[j] sums the dy[(j + p - k) / s] whose windows cover j: dy with
 * s - 1 zeros between its places and with borders, summed over the same windows with a stride of 1.
 */
export const windowSumOp: Op<PoolAttrs> = {
  name: "windowSum",
  kind: "reduce",
  infer: ([{ shape, dtype }], attrs) => [
    { shape: [shape[0], ...windowCounts(shape.slice(1, -1), attrs.window, attrs), shape[shape.length - 1]], dtype },
  ],
  scalar: ([{ shape, dtype }], attrs) => {
    const space = shape.slice(1, -1);
    const [i, k] = [space.map((_, axis) => index(1 + axis)), space.map((_, axis) => range(axis))];
    const { at, inside } = coveredPlaces(space, i, k, attrs);
    return {
      body: load(0, dtype, [index(0), ...at, index(shape.length - 1)], inside),
      ranges: attrs.window,
      combine: "sum",
    };
  },
  grad: ([dy], { inputs: [x], attrs: { window, strides, padding } }, o) => {
    const borders = window.map((k, axis): [number, number] => {
      const spread = (dy.shape[1 + axis] - 1) * strides[axis] + 1;
      return [k - 1 - padding[axis][0], x.shape[1 + axis] + padding[axis][0] - spread];
    });
    const interior = [0, ...strides.map((step) => step - 1), 0];
    return [windowSum(o.pad(dy, [[0, 0], ...borders, [0, 0]], { interior }), window)];
  },
};

/**
 * The sums over windows that slide along the space axes of x [batch, ...space, channels]: [batch, ...windows, channels].
 * A window is one size for every axis or one for each; padding adds nothing.
 */
export function windowSum<
  A extends Tensor,
  const K extends Sizes,
  const T extends Sizes = 1,
  const P extends Padding = "valid",
>(
  x: A,
  window: K & Check<Pool<S_<A>, K, T, P>>,
  options: WindowOptions<T, P> = {},
): Tensor<Out<Pool<S_<A>, K, T, P>>, Summed<D_<A>>> {
  return apply(windowSumOp, [summable(x, "windowSum")], poolAttrs("windowSum", x.shape, window, options));
}

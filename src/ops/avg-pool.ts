import { sizeOf } from "../core/shape.ts";
import type { Check, Out } from "../core/shape-types.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { fill } from "./constant.ts";
import { div } from "./div.ts";
import { type Pool, poolAttrs } from "./pool-window.ts";
import type { Floated } from "./result-dtype.ts";
import type { Padding, Sizes, WindowOptions } from "./window.ts";
import { windowSum } from "./window-sum.ts";

/**
 * The mean of each window of x [batch, ...space, channels]: its sum, divided by how many places it covers; padding does
 * not count. Windows follow each other without overlap unless `strides` says else.
 */
export function avgPool<
  A extends Tensor,
  const K extends Sizes,
  const T extends Sizes = K,
  const P extends Padding = "valid",
>(
  x: A,
  window: K & Check<Pool<S_<A>, K, T, P>>,
  options: WindowOptions<T, P> = {},
): Tensor<Out<Pool<S_<A>, K, T, P>>, Floated<D_<A>>> {
  return averaged(x, window, options);
}

function averaged(x: Tensor, window: Sizes, options: WindowOptions): Tensor {
  const attrs = poolAttrs("avgPool", x.shape, window, { strides: window, ...options });
  const { strides, padding } = attrs;
  const sums: Tensor = windowSum(x, attrs.window, { strides, padding });
  if (padding.flat().every((n) => n === 0)) return div(sums, sizeOf(attrs.window)) as Tensor;
  const ones = fill([1, ...x.shape.slice(1, -1), 1], 1, sums.dtype);
  return div(sums, windowSum(ones, attrs.window, { strides, padding })) as Tensor;
}

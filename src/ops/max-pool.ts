import type { Check, Out } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import { nodeOf } from "../graph/node.ts";
import type { Op } from "../graph/op.ts";
import { inScope } from "../graph/scope.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import type { ConvAttrs } from "./conv-operands.ts";
import { convOp } from "./conv-records.ts";
import { type Pool, type PoolAttrs, poolAttrs } from "./pool-window.ts";
import { relu, reluOp } from "./relu.ts";
import { type Padding, type Sizes, type WindowOptions, windowCounts } from "./window.ts";
import { coveredValue, windowArgMaxOp } from "./window-arg-max.ts";
import { fromWindows } from "./window-place.ts";

/**
 * y[b, i, c] = the greatest x[b, i s + k - p, c], NaN where there is one. Each dy goes to the first place of the window
 * that holds y: a second walk over the windows finds it, which predictions never take.
 */
export const maxPoolOp: Op<PoolAttrs> = {
  name: "maxPool",
  kind: "reduce",
  infer: ([{ shape, dtype }], attrs) => [
    { shape: [shape[0], ...windowCounts(shape.slice(1, -1), attrs.window, attrs), shape[shape.length - 1]], dtype },
  ],
  scalar: ([x], attrs) => ({ body: coveredValue(x, attrs), ranges: attrs.window, combine: "max" }),
  grad: ([dy], { inputs: [x], attrs }) => {
    const positions = apply(windowArgMaxOp, [x], attrs);
    return [fromWindows(dy, positions, { ...attrs, space: x.shape.slice(1, -1) })];
  },
};

/**
 * The greatest value of each window of x [batch, ...space, channels]; NaN where there is one. Windows follow each other
 * without overlap unless `strides` says else. The gradient goes to the first of equal values.
 */
export function maxPool<
  A extends Tensor,
  const K extends Sizes,
  const T extends Sizes = K,
  const P extends Padding = "valid",
>(
  x: A,
  window: K & Check<Pool<S_<A>, K, T, P>>,
  options: WindowOptions<T, P> = {},
): Tensor<Out<Pool<S_<A>, K, T, P>>, D_<A>> {
  return pooled(x, window, options);
}

function pooled(x: Tensor, window: Sizes, options: WindowOptions): Tensor {
  const attrs = poolAttrs("maxPool", x.shape, window, { strides: window, ...options });
  // The greatest of relu(x) is relu of the greatest x, to the bit, and its gradient the same: fewer values to clip.
  const node = nodeOf(x);
  if (node?.op === reluOp) return relu(apply(maxPoolOp, [cropped(node.inputs[0], attrs)], attrs));
  return apply(maxPoolOp, [cropped(x, attrs)], attrs);
}

/** A convolution without the last places, where no window covers them: they need not be computed. */
function cropped(x: Tensor, attrs: PoolAttrs): Tensor {
  const node = nodeOf(x);
  if (node?.op !== (convOp as Op)) return x;
  const { strides, padding } = node.attrs as ConvAttrs;
  const space = x.shape.slice(1, -1);
  const counts = windowCounts(space, attrs.window, attrs);
  const left = space.map((n: number, axis: number) => {
    const last = (counts[axis] - 1) * attrs.strides[axis] + attrs.window[axis] - 1 - attrs.padding[axis][0];
    return Math.max(0, n - 1 - last);
  });
  if (left.every((n) => n === 0)) return x;
  const less = padding.map(([before, after], axis) => [before, after - left[axis] * strides[axis]]);
  return inScope(node.scope, () => apply(convOp as Op, node.inputs, { ...node.attrs, padding: less }));
}

import type { Check, Out } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { type Expr, index, s } from "../ir/expr.ts";
import { element } from "./element.ts";
import { gather } from "./gather.ts";
import { type Pool, type PoolAttrs, poolAttrs } from "./pool-window.ts";
import { reshape } from "./reshape.ts";
import { coveredPlaces, type Padding, plus, type Sizes, times, type WindowOptions } from "./window.ts";
import { windowArgMax } from "./window-arg-max.ts";

/**
 * From positions k in windows to positions in x [batch, ...space, channels] as one axis. A position on padding (of a
 * window whose values are all least) is the nearest place of x, which is the window's first.
 */
export const windowPlaceOp: Op<PoolAttrs & { readonly space: readonly number[] }> = {
  name: "windowPlace",
  kind: "map",
  infer: ([{ shape }]) => [{ shape, dtype: "int32" }],
  scalar: (inputs, attrs) => {
    const { window, space, padding } = attrs;
    const { shape } = inputs[0];
    let rest = element(inputs, 0);
    const k = new Array<Expr>(window.length);
    for (let axis = window.length - 1; axis > 0; axis--) {
      k[axis] = s.mod(rest, window[axis]);
      rest = s.floorDiv(rest, window[axis]);
    }
    k[0] = rest;
    const i = space.map((_, axis) => index(1 + axis));
    const places = coveredPlaces(space, i, k, attrs).at.map((place, axis) =>
      padding[axis].every((n) => n === 0) ? place : s.min(s.max(place, 0), space[axis] - 1),
    );
    const row = places.reduce((flat, place, axis) => plus(times(flat, space[axis]), place), index(0) as Expr);
    const last = shape.length - 1;
    return { body: plus(times(row, shape[last]), index(last)) };
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
  const { strides, padding } = attrs;
  const positions: Tensor = windowArgMax(x, attrs.window, { strides, padding });
  const places = apply(windowPlaceOp, [positions], { ...attrs, space: x.shape.slice(1, -1) });
  return gather(reshape(x, [x.size]) as Tensor, places);
}

// tested by src/ops/max-pool.test.ts
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type Expr, index, load, s } from "../ir/expr.ts";
import { element } from "./element.ts";
import { gather } from "./gather.ts";
import type { PoolAttrs } from "./pool-window.ts";
import { reshape } from "./reshape.ts";
import { scatterAdd } from "./scatter-add.ts";
import { coveredPlaces, plus, times } from "./window.ts";

/** Windows over space axes of these sizes. */
export type PlaceAttrs = PoolAttrs & { readonly space: readonly number[] };

/**
 * From positions k in windows to positions in x [batch, ...space, channels] as one axis. A position on padding (of a
 * window whose values are all least) is the nearest place of x, which is the window's first.
 */
export const windowPlaceOp: Op<PlaceAttrs> = {
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
 * dx[b, j, c] = dy[b, i, c] where window i covers j with its chosen position, else 0: for windows of which no two cover
 * one place. It is linear in dy, whose gradient is gathered from the chosen places.
 */
export const windowSpreadOp: Op<PlaceAttrs> = {
  name: "windowSpread",
  kind: "map",
  infer: ([{ shape, dtype }], { space }) => [{ shape: [shape[0], ...space, shape[shape.length - 1]], dtype }],
  scalar: ([dy, positions], { window, strides, space }) => {
    const at: Expr[] = [];
    let position: Expr | null = null;
    let inside: Expr | null = null;
    space.forEach((n, axis) => {
      const [count, stride] = [dy.shape[1 + axis], strides[axis]];
      const place = index(1 + axis);
      const whole = s.floorDiv(place, stride);
      // Places behind the last window belong to none.
      const i = count * stride < n ? s.min(whole, count - 1) : whole;
      const k = s.sub(place, times(i, stride));
      if (count * stride < n || window[axis] < stride) {
        const covered = s.lt(k, window[axis]);
        inside = inside === null ? covered : s.and(inside, covered);
      }
      position = position === null ? k : plus(times(position, window[axis]), k);
      at.push(i);
    });
    const here = [index(0), ...at, index(space.length + 1)];
    const chosen = inside === null ? position : s.select(inside, position as unknown as Expr, -1);
    const isChosen = s.eq(load(1, positions.dtype, here), chosen as unknown as Expr);
    return { body: s.select(isChosen, load(0, dy.dtype, here), 0) };
  },
  grad: ([g], { inputs: [, positions], attrs }) => [toWindows(g, positions, attrs), null],
};

/** The dys of windows, each at the position that it chose: the sums of those that chose one place. */
export function fromWindows(dy: Tensor, positions: Tensor, attrs: PlaceAttrs): Tensor {
  const { window, strides, padding, space } = attrs;
  const apart = window.every((n, axis) => n <= strides[axis] && padding[axis][0] === 0);
  if (apart) return apply(windowSpreadOp, [dy, positions], attrs);
  const shape = [dy.shape[0], ...space, dy.shape[dy.rank - 1]];
  const size = shape.reduce((product, n) => product * n, 1);
  return reshape(scatterAdd(dy, apply(windowPlaceOp, [positions], attrs), size), shape) as Tensor;
}

/** What windows chose of x, by their positions. */
function toWindows(x: Tensor, positions: Tensor, attrs: PlaceAttrs): Tensor {
  return gather(reshape(x, [x.size]) as Tensor, apply(windowPlaceOp, [positions], attrs));
}

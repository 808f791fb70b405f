import { normalizeAxes } from "../core/shape.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { type Index, slice } from "./slice.ts";

/** y[i] = x[n - 1 - i] along `axis` (all axes by default). */
export function reverse<A extends Tensor>(
  x: A,
  options: { readonly axis?: number | readonly number[] } = {},
): Tensor<S_<A>, D_<A>> {
  const axes = normalizeAxes(options.axis, x.rank, "reverse");
  return reversed(x, axes);
}

function reversed(x: Tensor, axes: readonly number[]): Tensor {
  return slice(x, ...x.shape.map((_: number, axis: number): Index => (axes.includes(axis) ? [null, null, -1] : null)));
}

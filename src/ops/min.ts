import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { toChosen } from "./max.ts";
import { type Axes, applyChoice, type Reduce, type ReduceAttrs, type ReduceOptions, reducer } from "./reduce.ts";

/** y = the least x over a run of axes, NaN where there is one; dy goes to the first x that equals y. */
export const minOp: Op<ReduceAttrs> = reducer({
  name: "min",
  combine: "min",
  grad: ([dy], { inputs: [x], attrs }, o) => [toChosen(dy, x, attrs, o.argMin, o)],
});

/** The least value over `axis` (all axes by default); NaN if there is one. */
export function min<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
  x: A,
  options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
): Tensor<Out<Reduce<S_<A>, X, K>>, D_<A>> {
  return applyChoice(minOp, x, options?.axis, options?.keepDims);
}

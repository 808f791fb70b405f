import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import type { Ops } from "./index.ts";
import { type Axes, applyChoice, asRun, type Reduce, type ReduceAttrs, type ReduceOptions, reducer } from "./reduce.ts";

/** y = the greatest x over a run of axes, NaN where there is one; dy goes to the first x that equals y. */
export const maxOp: Op<ReduceAttrs> = reducer({
  name: "max",
  combine: "max",
  grad: ([dy], { inputs: [x], attrs }, o) => [toChosen(dy, x, attrs, o.argMax, o)],
});

/** dy at the chosen place of each run, 0 elsewhere. */
export function toChosen(dy: Tensor, x: Tensor, attrs: ReduceAttrs, choose: Ops["argMax"], o: Ops): Tensor {
  const [pre, n, post] = asRun(x.shape, attrs);
  const at = choose(o.reshape(x, [pre, n, post]), { axis: 1, keepDims: true });
  const chosen = o.equal(at, o.reshape(o.iota(n), [1, n, 1]));
  return o.reshape(o.where(chosen, o.reshape(dy, [pre, 1, post]), 0), x.shape);
}

/** The greatest value over `axis` (all axes by default); NaN if there is one. */
export function max<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
  x: A,
  options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
): Tensor<Out<Reduce<S_<A>, X, K>>, D_<A>> {
  return applyChoice(maxOp, x, options?.axis, options?.keepDims);
}

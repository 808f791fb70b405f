import { floatx, isFloat } from "../core/dtype.ts";
import type { Check, Out } from "../core/shape-types.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { castTo } from "./cast.ts";
import { div } from "./div.ts";
import { type Axes, type Reduce, type ReduceOptions, reducedSize } from "./reduce.ts";
import type { Floated } from "./result-dtype.ts";
import { sum } from "./sum.ts";

/** mean(x) = sum(x) / n over `axis` (all axes by default); ints become floats. The mean of nothing is NaN. */
export function mean<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
  x: A,
  options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
): Tensor<Out<Reduce<S_<A>, X, K>>, Floated<D_<A>>> {
  return meanOf(x, options?.axis, options?.keepDims);
}

function meanOf(x: Tensor, axis: Axes, keepDims = false): Tensor {
  return div(sum(floating(x), { axis, keepDims }), reducedSize(x, axis, "mean"));
}

/** x as floats. */
export function floating(x: Tensor): Tensor {
  return isFloat(x.dtype) ? x : castTo(x, floatx());
}

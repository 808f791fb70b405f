import type { Check, Out } from "../core/shape-types.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { floating } from "./mean.ts";
import type { Axes, Reduce } from "./reduce.ts";
import type { Floated } from "./result-dtype.ts";
import { sqrt } from "./sqrt.ts";
import { type VarianceOptions, varianceOf } from "./variance.ts";

/** std(x) = sqrt(variance(x)) over `axis` (all axes by default). Where all x are equal its gradient is NaN (0 / 0). */
export function std<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
  x: A,
  options?: VarianceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
): Tensor<Out<Reduce<S_<A>, X, K>>, Floated<D_<A>>> {
  return sqrt(varianceOf(floating(x), options ?? {}, "std"));
}

import { ShapeError } from "../core/errors.ts";
import type { Check, Out } from "../core/shape-types.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { div } from "./div.ts";
import { floating, mean } from "./mean.ts";
import { type Axes, type Reduce, type ReduceOptions, reducedSize } from "./reduce.ts";
import type { Floated } from "./result-dtype.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";

export interface VarianceOptions<X extends Axes = Axes, K extends boolean = boolean> extends ReduceOptions<X, K> {
  /** 1 divides by n - 1, for the variance of what x was sampled from. The default is 0, as in NumPy. */
  readonly ddof?: number;
}

/** variance(x) = sum((x - mean(x))^2) / (n - ddof) over `axis` (all axes by default). */
export function variance<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
  x: A,
  options?: VarianceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
): Tensor<Out<Reduce<S_<A>, X, K>>, Floated<D_<A>>> {
  return varianceOf(floating(x), options ?? {}, "variance");
}

/** The variance of floats; `where` names the public function. */
export function varianceOf(x: Tensor, { axis, keepDims = false, ddof = 0 }: VarianceOptions, where: string): Tensor {
  const n = reducedSize(x, axis, where);
  if (n <= ddof) {
    throw new ShapeError(
      `${where}: ${n} values leave none to divide by with ddof ${ddof}. Give more values or a smaller ddof.`,
    );
  }
  return div(sum(square(sub(x, mean(x, { axis, keepDims: true }))), { axis, keepDims }), n - ddof);
}

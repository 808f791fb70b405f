import type { Check, Out } from "../core/shape-types.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
import { castTo } from "./cast.ts";
import { notEqual } from "./not-equal.ts";
import type { Axes, Reduce, ReduceOptions } from "./reduce.ts";
import { sum } from "./sum.ts";

/** any(x) = whether some x != 0, over `axis` (all axes by default). Of nothing it is false. */
export function any<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
  x: A,
  options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
): Tensor<Out<Reduce<S_<A>, X, K>>, "bool"> {
  return someTrue(x.dtype === "bool" ? x : castTo(x, "bool"), options?.axis, options?.keepDims);
}

/** Whether some value of a bool tensor is true: the count of them is not 0. */
export function someTrue(x: Tensor, axis: Axes, keepDims = false): Tensor {
  return notEqual(sum(x, { axis, keepDims }), 0);
}

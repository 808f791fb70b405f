import type { Check, Out } from "../core/shape-types.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
import { someTrue } from "./any.ts";
import { equal } from "./equal.ts";
import { logicalNot } from "./logical-not.ts";
import type { Axes, Reduce, ReduceOptions } from "./reduce.ts";

/** all(x) = whether every x != 0, over `axis` (all axes by default). Of nothing it is true. */
export function all<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
  x: A,
  options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
): Tensor<Out<Reduce<S_<A>, X, K>>, "bool"> {
  return allTrue(x, options?.axis, options?.keepDims);
}

function allTrue(x: Tensor, axis: Axes, keepDims: boolean | undefined): Tensor {
  return logicalNot(someTrue(equal(x, 0), axis, keepDims));
}

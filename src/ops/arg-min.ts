import { isFloat } from "../core/dtype.ts";
import type { Check, Out } from "../core/shape-types.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
import { positionOf } from "./arg-max.ts";
import { castTo } from "./cast.ts";
import { neg } from "./neg.ts";
import type { Reduce, ReduceOptions } from "./reduce.ts";
import { sub } from "./sub.ts";

/** argMin(x) = argMax(-x): the first of equals, and a NaN before any. */
export function argMin<
  A extends Tensor,
  const X extends number | undefined = undefined,
  const K extends boolean = false,
>(x: A, options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>): Tensor<Out<Reduce<S_<A>, X, K>>, "int32"> {
  return positionOf(reversedOrder(x), options?.axis, options?.keepDims, "argMin");
}

/** Greater where x is less. For ints -1 - x, which holds the least int32 too. */
function reversedOrder(x: Tensor): Tensor {
  if (x.dtype === "uint32") return x; // refused by positionOf
  return isFloat(x.dtype) ? neg(x) : sub(-1, x.dtype === "int32" ? x : castTo(x, "int32"));
}

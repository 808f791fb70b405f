import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
import { castTo } from "./cast.ts";
import {
  applyReduce,
  assertNonEmpty,
  assertNumbers,
  type Reduce,
  type ReduceAttrs,
  type ReduceOptions,
  reducer,
} from "./reduce.ts";
import { reshape } from "./reshape.ts";

/** y = the position of the greatest x in a run of axes, taken as one axis: the first of equals, and a NaN before any. */
export const argMaxOp: Op<ReduceAttrs> = reducer({ name: "argMax", combine: "argmax", gives: "int32" });

/** The position of the greatest value along `axis`, or (without an axis) in x flattened; the first of equals. */
export function argMax<
  A extends Tensor,
  const X extends number | undefined = undefined,
  const K extends boolean = false,
>(x: A, options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>): Tensor<Out<Reduce<S_<A>, X, K>>, "int32"> {
  return positionOf(x, options?.axis, options?.keepDims, "argMax");
}

/** The position of the greatest value; `where` names the public function. */
export function positionOf(x: Tensor, axis: number | undefined, keepDims: boolean | undefined, where: string): Tensor {
  assertNumbers(x, where);
  assertNonEmpty(x, axis, where);
  const numbers = x.dtype === "bool" ? castTo(x, "int32") : x;
  if (x.rank > 0 || axis !== undefined) return applyReduce(argMaxOp, numbers, axis, keepDims, where);
  return applyReduce(argMaxOp, reshape(numbers, [1]), 0, false, where);
}

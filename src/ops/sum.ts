import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { castTo } from "./cast.ts";
import {
  type Axes,
  applyReduce,
  assertNumbers,
  keptShape,
  type Reduce,
  type ReduceAttrs,
  type ReduceOptions,
  reducer,
} from "./reduce.ts";

/** y = sum of x over a run of axes; dx = dy for each of them. Nothing sums to 0. */
export const sumOp: Op<ReduceAttrs> = reducer({
  name: "sum",
  combine: "sum",
  grad: ([dy], { inputs: [x], attrs }, o) => [o.broadcastTo(o.reshape(dy, keptShape(x.shape, attrs)), x.shape)],
});

/** Sums and products of bool and uint8 are int32. */
export type Summed<D> = D extends "bool" | "uint8" ? "int32" : D;

/** The sum over `axis` (all axes by default). */
export function sum<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
  x: A,
  options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
): Tensor<Out<Reduce<S_<A>, X, K>>, Summed<D_<A>>> {
  return applyReduce(sumOp, summable(x, "sum"), options?.axis, options?.keepDims);
}

/** x in a dtype that sums do not leave at once. */
export function summable(x: Tensor, where: string): Tensor {
  assertNumbers(x, where);
  return x.dtype === "bool" || x.dtype === "uint8" ? castTo(x, "int32") : x;
}

import type { Check, Out } from "../core/shape-types.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { abs } from "./abs.ts";
import { add } from "./add.ts";
import { exp } from "./exp.ts";
import { less } from "./less.ts";
import { log } from "./log.ts";
import { max } from "./max.ts";
import { floating } from "./mean.ts";
import { type Axes, assertNonEmpty, type Reduce, type ReduceOptions } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import type { Floated } from "./result-dtype.ts";
import { stopGradient } from "./stop-gradient.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { where } from "./where.ts";

/** logSumExp(x) = log(sum(e^x)) over `axis` (all axes by default), without overflow: m + log(sum(e^(x - m))), m = max x. */
export function logSumExp<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
  x: A,
  options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
): Tensor<Out<Reduce<S_<A>, X, K>>, Floated<D_<A>>> {
  return logSum(floating(x), options?.axis, options?.keepDims);
}

function logSum(x: Tensor, axis: Axes, keepDims = false): Tensor {
  assertNonEmpty(x, axis, "logSumExp");
  const m = shiftOf(x, axis);
  const sums = sum(exp(sub(x, m)), { axis, keepDims });
  return add(log(sums), reshape(m, sums.shape));
}

/** The maximum as a constant, since any m gives the same value; 0 where it is infinite (inf - inf is NaN) or NaN. */
export function shiftOf(x: Tensor, axis: Axes): Tensor {
  const m = stopGradient(max(x, { axis, keepDims: true }));
  return where(less(abs(m), Number.POSITIVE_INFINITY), m, 0);
}

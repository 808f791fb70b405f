import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { exp } from "./exp.ts";
import { log } from "./log.ts";
import type { Floated } from "./result-dtype.ts";
import { belowMaximum } from "./softmax.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";

/**
 * logSoftmax(x) = z - ln(sum(e^z)), z = x - max x, over `axis`, the last by default. The logarithm of `softmax` would be
 * -Infinity where the power underflows.
 */
export function logSoftmax<A extends Tensor>(
  x: A,
  options: { readonly axis?: number } = {},
): Tensor<S_<A>, Floated<D_<A>>> {
  const z = belowMaximum(x, options.axis, "logSoftmax");
  return x.size === 0 ? z : sub(z, log(sum(exp(z), { axis: options.axis ?? -1, keepDims: true })));
}

import { normalizeAxis } from "../core/shape.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { div } from "./div.ts";
import { exp } from "./exp.ts";
import { max } from "./max.ts";
import { floating } from "./mean.ts";
import type { Floated } from "./result-dtype.ts";
import { stopGradient } from "./stop-gradient.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";

/**
 * softmax(x) = e^(x - m) / sum(e^(x - m)) over `axis`, the last by default. Any m gives the same values; m = max x keeps
 * the powers from overflowing, and is a constant as far as gradients go.
 */
export function softmax<A extends Tensor>(
  x: A,
  options: { readonly axis?: number } = {},
): Tensor<S_<A>, Floated<D_<A>>> {
  const powers = exp(belowMaximum(x, options.axis, "softmax"));
  return x.size === 0 ? powers : div(powers, sum(powers, { axis: options.axis ?? -1, keepDims: true }));
}

/** x - max x over an axis: nowhere above 0. */
export function belowMaximum(x: Tensor, axis = -1, where: string): Tensor {
  normalizeAxis(axis, x.rank, where);
  const logits = floating(x);
  return x.size === 0 ? logits : sub(logits, stopGradient(max(logits, { axis, keepDims: true })));
}

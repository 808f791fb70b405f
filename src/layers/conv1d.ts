import type { Any } from "../core/shape-types.ts";
import type { Sizes } from "../ops/window.ts";
import { Conv, type ConvLayerOptions } from "./conv.ts";
import type { ShapeRule } from "./shape-rule.ts";
import type { ConvRule } from "./window-rules.ts";

/** "causal" pads before alone: no output sees a later step. */
type Conv1DPadding = "valid" | "same" | "causal";

/** y[b, i, f] = activation(bias[f] + sum over k, c of x[b, i s + k d - p, c] W[k, c, f]): [batch, steps, channels]. */
export class Conv1D<R extends ShapeRule = Any> extends Conv<R> {
  constructor(options: ConvLayerOptions) {
    super(options, 1, ["valid", "same", "causal"]);
  }

  override get className(): string {
    return "Conv1D";
  }
}

/** A convolution over steps: [batch, steps, channels] -> [batch, steps, filters]. */
export function conv1d<
  const F extends number,
  const K extends Sizes,
  const T extends Sizes = 1,
  const P extends Conv1DPadding = "valid",
  const D extends Sizes = 1,
>(options: ConvLayerOptions<F, K, T, P, D>): Conv1D<ConvRule<1, F, K, T, P, D>> {
  return new Conv1D(options);
}

import type { Any } from "../core/shape-types.ts";
import type { Sizes } from "../ops/window.ts";
import { Conv, type ConvLayerOptions } from "./conv.ts";
import type { ShapeRule } from "./shape-rule.ts";
import type { ConvRule } from "./window-rules.ts";

/** y[b, i, j, f] = activation(bias[f] + the sum of x under the window at (i, j) times W[.., .., .., f]). */
export class Conv2D<R extends ShapeRule = Any> extends Conv<R> {
  constructor(options: ConvLayerOptions) {
    super(options, 2, ["valid", "same"]);
  }

  override get className(): string {
    return "Conv2D";
  }
}

/** A convolution over pictures: [batch, height, width, channels] -> [batch, height, width, filters]. */
export function conv2d<
  const F extends number,
  const K extends Sizes,
  const T extends Sizes = 1,
  const P extends "valid" | "same" = "valid",
  const D extends Sizes = 1,
>(options: ConvLayerOptions<F, K, T, P, D>): Conv2D<ConvRule<2, F, K, T, P, D>> {
  return new Conv2D(options);
}

import type { Any } from "../core/shape-types.ts";
import { avgPool } from "../engine/convolve.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Sizes } from "../ops/window.ts";
import { type PoolCall, Pooling, type PoolingOptions } from "./pooling.ts";
import type { ShapeRule } from "./shape-rule.ts";
import type { PoolRule } from "./window-rules.ts";

/** y = the mean x of each window; what a window covers outside does not count: [batch, steps, channels]. */
export class AveragePooling1D<R extends ShapeRule = Any> extends Pooling<R> {
  constructor(options: PoolingOptions = {}) {
    super(options, 1);
  }

  override get className(): string {
    return "AveragePooling1D";
  }

  protected override pool(x: Tensor, window: readonly number[], options: PoolCall): Tensor {
    return avgPool(x, window, options);
  }
}

/** The mean of each window of steps: windows of 2 side by side unless said. */
export function averagePooling1d<
  const K extends Sizes = 2,
  const T extends Sizes = K,
  const P extends "valid" | "same" = "valid",
>(options: PoolingOptions<K, T, P> = {}): AveragePooling1D<PoolRule<1, K, T, P>> {
  return new AveragePooling1D(options);
}

import type { Any } from "../core/shape-types.ts";
import { maxPool } from "../engine/convolve.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Sizes } from "../ops/window.ts";
import { type PoolCall, Pooling, type PoolingOptions } from "./pooling.ts";
import type { ShapeRule } from "./shape-rule.ts";
import type { PoolRule } from "./window-rules.ts";

/** y = the greatest x of each window, the first of equals: [batch, steps, channels]. */
export class MaxPooling1D<R extends ShapeRule = Any> extends Pooling<R> {
  constructor(options: PoolingOptions = {}) {
    super(options, 1);
  }

  override get className(): string {
    return "MaxPooling1D";
  }

  protected override pool(x: Tensor, window: readonly number[], options: PoolCall): Tensor {
    return maxPool(x, window, options);
  }
}

/** The greatest value of each window of steps: windows of 2 side by side unless said. */
export function maxPooling1d<
  const K extends Sizes = 2,
  const T extends Sizes = K,
  const P extends "valid" | "same" = "valid",
>(options: PoolingOptions<K, T, P> = {}): MaxPooling1D<PoolRule<1, K, T, P>> {
  return new MaxPooling1D(options);
}

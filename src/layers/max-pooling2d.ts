import type { Any } from "../core/shape-types.ts";
import { maxPool } from "../engine/convolve.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Sizes } from "../ops/window.ts";
import { type PoolCall, Pooling, type PoolingOptions } from "./pooling.ts";
import type { ShapeRule } from "./shape-rule.ts";
import type { PoolRule } from "./window-rules.ts";

/** y = the greatest x of each window, the first of equals: [batch, height, width, channels]. */
export class MaxPooling2D<R extends ShapeRule = Any> extends Pooling<R> {
  constructor(options: PoolingOptions = {}) {
    super(options, 2);
  }

  override get className(): string {
    return "MaxPooling2D";
  }

  protected override pool(x: Tensor, window: readonly number[], options: PoolCall): Tensor {
    return maxPool(x, window, options);
  }
}

/** The greatest value of each window of a picture: windows of 2 side by side unless said. */
export function maxPooling2d<
  const K extends Sizes = 2,
  const T extends Sizes = K,
  const P extends "valid" | "same" = "valid",
>(options: PoolingOptions<K, T, P> = {}): MaxPooling2D<PoolRule<2, K, T, P>> {
  return new MaxPooling2D(options);
}

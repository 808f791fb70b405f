import type { Any } from "../core/shape-types.ts";
import { GlobalAveragePooling, type GlobalPoolingOptions } from "./global-average-pooling.ts";
import type { ShapeRule } from "./shape-rule.ts";
import type { GlobalPoolRule } from "./window-rules.ts";

/** y[b, c] = the mean of x[b, i, j, c] over the whole picture: [batch, height, width, channels] -> [batch, channels]. */
export class GlobalAveragePooling2D<R extends ShapeRule = Any> extends GlobalAveragePooling<R> {
  constructor(options: GlobalPoolingOptions = {}) {
    super(options, 2);
  }

  override get className(): string {
    return "GlobalAveragePooling2D";
  }
}

/** The mean of each channel over the whole picture. */
export function globalAveragePooling2d<const Keep extends boolean = false>(
  options: GlobalPoolingOptions<Keep> = {},
): GlobalAveragePooling2D<GlobalPoolRule<2, Keep>> {
  return new GlobalAveragePooling2D(options);
}

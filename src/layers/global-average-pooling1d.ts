import type { Any } from "../core/shape-types.ts";
import { GlobalAveragePooling, type GlobalPoolingOptions } from "./global-average-pooling.ts";
import type { ShapeRule } from "./shape-rule.ts";
import type { GlobalPoolRule } from "./window-rules.ts";

/** y[b, c] = the mean of x[b, i, c] over all steps: [batch, steps, channels] -> [batch, channels]. */
export class GlobalAveragePooling1D<R extends ShapeRule = Any> extends GlobalAveragePooling<R> {
  constructor(options: GlobalPoolingOptions = {}) {
    super(options, 1);
  }

  override get className(): string {
    return "GlobalAveragePooling1D";
  }
}

/** The mean of each channel over all steps. */
export function globalAveragePooling1d<const Keep extends boolean = false>(
  options: GlobalPoolingOptions<Keep> = {},
): GlobalAveragePooling1D<GlobalPoolRule<1, Keep>> {
  return new GlobalAveragePooling1D(options);
}

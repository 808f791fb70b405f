// tested by src/initializers/initializers.test.ts

import { sizeOf } from "../core/shape.ts";
import type { Shape } from "../core/shape-types.ts";

/** How many values meet in one unit, and how many units one value reaches. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Of a kernel [..., inputs, outputs]: the axes before are a window, all of whose places count (Keras's rule). */
export function fansOf(shape: Shape): Fans {
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0], fanOut: shape[0] };
  const window = sizeOf(shape.slice(0, -2));
  return { fanIn: shape[shape.length - 2] * window, fanOut: shape[shape.length - 1] * window };
}

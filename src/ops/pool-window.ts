// tested by src/ops/window-sum.test.ts
import { ShapeError, ValueError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import type { Shape, Text } from "../core/shape-types.ts";
import { type Sizes, sizesFor, type Window, type WindowAttrs, type WindowOptions, windowAttrs } from "./window.ts";

/** Windows over the space axes of [batch, ...space, channels], each of which covers at least one place. */
export type PoolAttrs = WindowAttrs & { readonly window: readonly number[] };

/** The shape of windows K over S; exact for strides of 1 and 2. */
export type Pool<S extends Shape, K, T, P> = number extends S["length"]
  ? Shape
  : S extends readonly [infer B extends number, ...infer Space extends Shape, infer C extends number]
    ? Window<Space, K, T, P> extends infer R
      ? R extends Shape
        ? [B, ...R, C]
        : R
      : never
    : `windows need [batch, ...space, channels], got ${Text<S>}`;

export function poolAttrs(where: string, x: Shape, window: Sizes, options: WindowOptions): PoolAttrs {
  if (x.length < 3) {
    throw new ShapeError(`${where}: expected [batch, ...space, channels] of rank >= 3, got ${shapeText(x)}.`);
  }
  const space = x.slice(1, -1);
  const sizes = sizesFor(where, "a window", window, space.length);
  const attrs = windowAttrs(where, space, sizes, options);
  if (attrs.padding.some((pair, axis) => pair.some((n) => n >= sizes[axis]))) {
    throw new ValueError(
      `${where}: expected less padding than the window ${shapeText(sizes)}, got ${JSON.stringify(attrs.padding)}. A window must cover at least one place.`,
    );
  }
  return { ...attrs, window: sizes };
}

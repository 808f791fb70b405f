import { ShapeError } from "../core/errors.ts";
import { normalizeAxis, shapeText } from "../core/shape.ts";
import type { Any } from "../core/shape-types.ts";
import type { D_, Tensor } from "../graph/tensor.ts";
import { type Index, slice } from "./slice.ts";

/** x cut along `axis` (0 by default) into `parts` equal parts, or into parts of the sizes given. */
export function split<A extends Tensor>(
  x: A,
  parts: number | readonly number[],
  options: { readonly axis?: number } = {},
): Tensor<Any, D_<A>>[] {
  return cut(x, parts, normalizeAxis(options.axis ?? 0, x.rank, "split"));
}

function cut(x: Tensor, parts: number | readonly number[], axis: number): Tensor[] {
  const n: number = x.shape[axis];
  const sizes = typeof parts === "number" ? new Array<number>(Math.max(0, Math.trunc(parts))).fill(n / parts) : parts;
  if (!sizes.every((size) => Number.isInteger(size) && size >= 0) || sizes.reduce((a, b) => a + b, 0) !== n) {
    const wanted = typeof parts === "number" ? `${parts} equal parts` : `parts of ${parts.join(", ")}`;
    throw new ShapeError(
      `split: axis ${axis} of shape ${shapeText(x.shape)} does not divide into ${wanted}. Give sizes that add up to ${n}.`,
    );
  }
  const before = new Array<Index>(axis).fill(null);
  let from = 0;
  return sizes.map((size) => slice(x, ...before, [from, (from += size)]));
}

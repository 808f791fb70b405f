import { nodeOfOp } from "../graph/node.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "./add.ts";
import { concat } from "./concat.ts";
import { padOp } from "./pad.ts";

/**
 * The sum of gradients that reach one tensor by several ways, in their order. Those of slices are padded with zeros:
 * where slices tile the whole along one axis, as those of split do, they are laid side by side instead.
 */
export function sumOfParts(parts: readonly Tensor[]): Tensor {
  return tiled(parts) ?? parts.reduce((a, b) => add(a, b) as Tensor);
}

function tiled(parts: readonly Tensor[]): Tensor | null {
  const pads = parts.flatMap((part) => nodeOfOp(part, padOp) ?? []);
  if (pads.length < 2 || pads.length < parts.length) return null;
  const axis = pads[0].attrs.before.findIndex((n, i) => n > 0 || pads[0].attrs.after[i] > 0);
  const alongOne = pads.every(({ attrs: { before, after, interior, value } }) =>
    before.every((n, i) => interior[i] === 0 && value === 0 && (i === axis || (n === 0 && after[i] === 0))),
  );
  if (axis === -1 || !alongOne) return null;
  const inOrder = pads.toSorted((a, b) => a.attrs.before[axis] - b.attrs.before[axis]);
  let end = 0;
  for (const { inputs, attrs } of inOrder) {
    if (attrs.before[axis] !== end) return null;
    end += inputs[0].shape[axis];
  }
  if (end !== parts[0].shape[axis]) return null;
  return concat(inOrder.map(({ inputs }) => inputs[0]), { axis }) as Tensor; // biome-ignore format: one line
}

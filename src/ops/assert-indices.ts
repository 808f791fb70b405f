// tested by src/ops/gather.test.ts
import { DTypeError, ShapeError, ValueError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import type { Shape } from "../core/shape-types.ts";
import type { Tensor } from "../graph/tensor.ts";

/** Throws unless the indices are int32 and, where their values are known, all positions of this axis. */
export function assertIndices(where: string, indices: Tensor, shape: Shape, axis: number): void {
  if (indices.dtype !== "int32") {
    throw new DTypeError(`${where}: expected int32 indices, got ${indices.dtype}. Use indices.cast("int32").`);
  }
  const n = shape[axis];
  if (n === 0 && indices.size > 0)
    throw new ShapeError(`${where}: axis ${axis} of shape ${shapeText(shape)} is empty: it has nothing to ${where}.`);
  const source = indices["~source"];
  if (source.kind !== "host") return;
  const at = source.array.findIndex((i: number) => i < 0 || i >= n);
  if (at === -1) return;
  throw new ValueError(
    `${where}: index ${source.array[at]} (at ${at} of ${indices.size}) is out of range for axis ${axis} of shape ${shapeText(shape)}; expected 0 to ${n - 1}. Repair it, or hold all inside: indices.clip(0, ${n - 1}).`,
  );
}

import { allocate, type TypedArray } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Node } from "../../graph/node.ts";

/** Computes a structural op's outputs. */
export type StructuralRow = (node: Node, inputs: readonly TypedArray[]) => readonly TypedArray[];

/** One row an op of kind "structural", by its name; structural.test.ts finds the ops that lack one. */
export const STRUCTURAL: Readonly<Record<string, StructuralRow | undefined>> = { scatterAdd };

/** Floats add up in float64 and round at the end; ints wrap. */
function scatterAdd({ inputs, outputs: [y], attrs }: Node, [updates, indices]: readonly TypedArray[]): [TypedArray] {
  const axis = Number(attrs["axis"]);
  const [pre, size, post] = [sizeOf(y.shape.slice(0, axis)), y.shape[axis], sizeOf(y.shape.slice(axis + 1))];
  const count = sizeOf(inputs[1].shape);
  const sums = y.dtype === "int32" ? new Int32Array(y.size) : new Float64Array(y.size);
  for (let from = 0; from < updates.length; from++) {
    const [before, at, after] = [Math.floor(from / (count * post)), Math.floor(from / post) % count, from % post];
    const inside = Math.min(Math.max(indices[at], 0), size - 1);
    sums[(before * size + inside) * post + after] += updates[from];
  }
  const result = allocate(y.dtype, pre * size * post);
  result.set(sums);
  return [result];
}

import { allocate, type TypedArray } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Body } from "../../graph/body.ts";
import type { Node } from "../../graph/node.ts";

/** Computes a structural op's outputs; `run` computes those of a body. */
export type StructuralRow = (
  node: Node,
  inputs: readonly TypedArray[],
  run: (body: Body, inputs: readonly TypedArray[]) => readonly TypedArray[],
) => readonly TypedArray[];

/** One row an op of kind "structural", by its name; structural.test.ts finds the ops that lack one. */
export const STRUCTURAL: Readonly<Record<string, StructuralRow | undefined>> = { scatterAdd, scan, cond };

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

/** Round by round: slices along the first axis in, stacked outputs out. */
function scan(
  { outputs, attrs }: Node,
  inputs: readonly TypedArray[],
  run: Parameters<StructuralRow>[2],
): TypedArray[] {
  const { body, carries, xs, length, reverse } = attrs as {
    readonly body: Body;
    readonly carries: number;
    readonly xs: number;
    readonly length: number;
    readonly reverse: boolean;
  };
  let carry = inputs.slice(0, carries);
  const given = inputs.slice(carries);
  const stacks = outputs.slice(carries).map(({ dtype, shape }) => allocate(dtype, sizeOf(shape)));
  for (let round = 0; round < length; round++) {
    const at = reverse ? length - 1 - round : round;
    const slices = given.slice(0, xs).map((x) => x.subarray((at * x.length) / length, ((at + 1) * x.length) / length));
    const results = run(body, [...carry, ...slices, ...given.slice(xs)]);
    carry = results.slice(0, carries);
    results.slice(carries).forEach((y, i) => {
      stacks[i].set(y, at * y.length);
    });
  }
  return [...carry, ...stacks];
}

function cond(
  { attrs }: Node,
  [test, ...inputs]: readonly TypedArray[],
  run: Parameters<StructuralRow>[2],
): readonly TypedArray[] {
  const { ifTrue, ifFalse } = attrs as { readonly ifTrue: Body; readonly ifFalse: Body };
  return run(test[0] === 0 ? ifFalse : ifTrue, inputs);
}

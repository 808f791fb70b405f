// tested by src/engine/eager.test.ts
import type { Executable } from "../backends/backend.ts";
import { BYTES, type DType, type TypedArray } from "../core/dtype.ts";
import { sizeOf } from "../core/shape.ts";
import type { Spec } from "../graph/op.ts";
import type { Engine } from "./engine.ts";

/** Values start on cache lines, and kernels may read past them. */
const ALIGN = 64;
const SLACK = 16;

/** Offsets of values that lie behind the first `bytes` of the arena, and where they end. */
export function placeBehind(bytes: number, specs: readonly Spec[]): { offsets: number[]; end: number } {
  let end = Math.ceil(bytes / ALIGN) * ALIGN;
  const offsets = specs.map(({ shape, dtype }) => {
    const offset = end;
    end = Math.ceil((end + sizeOf(shape) * BYTES[dtype] + SLACK) / ALIGN) * ALIGN;
    return offset;
  });
  return { offsets, end };
}

export interface Given extends Spec {
  readonly dtype: DType;
  readonly values: TypedArray;
}

/** Runs once on values that are copied into the arena, and copies the outputs out. `homes` are the Variables' addresses. */
export function runExecutable(
  engine: Engine,
  executable: Executable,
  given: readonly Given[],
  homes: readonly number[],
  outputs: readonly Spec[],
): TypedArray[] {
  const { offsets, end } = placeBehind(executable.arenaBytes, given);
  const arena = engine.arena(end);
  const bases = [arena, ...offsets.map((offset) => arena + offset), ...homes];
  given.forEach(({ dtype, values }, i) => {
    engine.heap.view(dtype, bases[i + 1], values.length).set(values);
  });
  executable.bind(bases)();
  return outputs.map(({ shape, dtype }, i) => {
    const { base, offset } = executable.outputs[i];
    return engine.heap.view(dtype, bases[base] + offset, sizeOf(shape)).slice();
  });
}

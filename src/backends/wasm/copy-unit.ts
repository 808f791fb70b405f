// tested by src/ops/concat.test.ts
import { BYTES, type DType } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import { nodeOf } from "../../graph/node.ts";
import { throughAliases } from "../../graph/passes/build-body.ts";
import type { Kernel } from "../../graph/passes/kernel.ts";
import { type Place, shifted } from "../../graph/passes/plan-memory.ts";
import type { Call, Unit } from "./call.ts";

/** Shorter runs are as fast element by element. */
const LEAST_BYTES = 32;

/** concat as copies of whole runs, row by row; null for other kernels, and for runs too short to gain by it. */
export function copyUnit(kernel: Kernel): Unit | null {
  if (kernel.kind !== "map" || kernel.outputs.length !== 1) return null;
  const [y] = kernel.outputs;
  const node = nodeOf(y);
  if (node?.op.name !== "concat") return null;
  const numbers = node.inputs.map((x) => kernel.inputs.indexOf(throughAliases(x)));
  const axis = Number(node.attrs["axis"]);
  const bytesOf = (shape: readonly number[]): number => sizeOf(shape.slice(axis)) * BYTES[y.dtype as DType];
  const runs = node.inputs.map(({ shape }) => bytesOf(shape));
  // An input that the kernel would compute itself lies nowhere.
  if (numbers.includes(-1) || runs.some((bytes) => bytes < LEAST_BYTES)) return null;
  return {
    scratchBytes: 0,
    calls: (inputs, [to]) => {
      const loop = {};
      const walking = (place: Place, bytes: number): Place => ({
        ...place,
        walks: [...(place.walks ?? []), { loop, bytes }],
      });
      let offset = 0;
      const calls = runs.map((bytes, i): Call => {
        const at = shifted(to, offset);
        offset += bytes;
        return { kind: "copy", from: walking(inputs[numbers[i]], bytes), to: walking(at, bytesOf(y.shape)), bytes };
      });
      return [{ kind: "loop", loop, rounds: sizeOf(y.shape.slice(0, axis)), reverse: false, calls, shared: null }];
    },
  };
}

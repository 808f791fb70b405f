import { wasmBackend } from "../../src/backends/wasm/wasm-backend.ts";
import { apply } from "../../src/graph/apply.ts";
import { hostTensor } from "../../src/graph/tensor.ts";
import { Trace, withTrace } from "../../src/graph/trace.ts";
import { call, index, load, type ScalarOp } from "../../src/ir/expr.ts";
import { runGraph } from "./reference-engine.ts";
import { TestHeap } from "./test-heap.ts";

export type Floats = Float32Array | Float64Array;

/** The values of a scalar op of floats, element by element, as the wasm backend's emitted code computes them. */
export function runOnWasm(op: ScalarOp, dtype: "float32" | "float64", arrays: readonly Floats[]): Floats {
  const shape = [arrays[0]?.length ?? 0];
  const args = arrays.map((_, i) => load(i, dtype, [index(0)]));
  const trace = new Trace();
  const symbols = arrays.map((_, i) => trace.input({ shape, dtype }, `x${i}`));
  const scalar = { body: call(op, args) };
  const y = withTrace(trace, () =>
    apply({ name: op, kind: "map", infer: () => [{ shape, dtype }], scalar: () => scalar }, symbols),
  );
  const given = arrays.map((array) => hostTensor(array, shape, dtype));
  const [result] = runGraph(wasmBackend, new TestHeap(), trace.finish([y]), given);
  const source = result?.["~source"];
  if (source?.kind !== "host") throw new Error("expected values");
  return source.array as Floats;
}

import { type Backend, type Executable, type Heap, inOrder } from "../backend.ts";
import { bindCalls } from "./eager-calls.ts";
import { describeProfile, kernelProfile } from "./kernel-profile.ts";
import { type Lowering, lowerGraph } from "./lower-graph.ts";
import { bindProgram, type EmittedProgram, emitProgram } from "./program.ts";

/** Emits WebAssembly from TypeScript: fused loops by their meaning, and kernels made by hand for what is heavy. */
export const wasmBackend: Backend = {
  name: "wasm",
  describeKernels: (choice) => describeProfile(kernelProfile(choice)),
  compile(graph, heap, { once, kernels }) {
    const lowering = lowerGraph(graph, kernelProfile(kernels), heap.threads?.count);
    const { plan } = lowering;
    // Code for a graph that runs once is not worth a module: its kernels are called one by one.
    const bindParts = once
      ? (bases: readonly number[]) => bindCalls(heap, lowering, bases)
      : programBinder(heap, lowering);
    const bind = (bases: readonly number[]) => inOrder(bindParts(bases));
    return { arenaBytes: plan.arenaBytes, outputs: plan.outputs, describe: () => plan.describe(), bind, bindParts };
  },
};

function programBinder(heap: Heap, lowering: Lowering): Executable["bindParts"] {
  let program: EmittedProgram | null = null;
  return (bases) => {
    program ??= emitProgram(heap, lowering);
    return bindProgram(heap, program, lowering, bases);
  };
}

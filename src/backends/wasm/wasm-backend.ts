import type { Graph } from "../../graph/node.ts";
import { cutGraph, notYetWritten } from "../../graph/passes/cut-graph.ts";
import { fuseNodes } from "../../graph/passes/fuse-nodes.ts";
import { fuseRows } from "../../graph/passes/fuse-rows.ts";
import { type MemoryPlan, type Place, planMemory } from "../../graph/passes/plan-memory.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { type Backend, type Executable, type Heap, inOrder } from "../backend.ts";
import { bindCalls } from "./eager-calls.ts";
import type { Argument } from "./emit-loops.ts";
import { describeProfile, type KernelProfile, kernelProfile } from "./kernel-profile.ts";
import { bindProgram, emitProgram } from "./program.ts";
import { acceptsFusion, acceptsRows, type Step, stepOf } from "./step.ts";

/** A step with its arguments. */
export interface Call {
  readonly step: Step;
  readonly args: readonly Argument[];
}

/** What a graph becomes: calls in order, in parts (one unless the graph is cut), then copies. */
export interface Lowering {
  readonly calls: readonly Call[];
  readonly parts: readonly (readonly Call[])[];
  readonly plan: MemoryPlan;
  /** What its hand-made kernels are made of. */
  readonly profile: KernelProfile;
}

/** Emits WebAssembly from TypeScript: fused loops by their meaning, and kernels made by hand for what is heavy. */
export const wasmBackend: Backend = {
  name: "wasm",
  describeKernels: (choice) => describeProfile(kernelProfile(choice)),
  compile(graph, heap, { once, kernels }) {
    const lowering = lowerGraph(graph, kernelProfile(kernels));
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
  let program: WebAssembly.Module | null = null;
  return (bases) => {
    program ??= emitProgram(heap, lowering);
    return bindProgram(heap, lowering.profile, program, bases);
  };
}

export function lowerGraph(graph: Graph, profile: KernelProfile): Lowering {
  const written = new Set<Tensor>();
  const fused = cutGraph(graph).map((part) =>
    fuseRows(part, notYetWritten(fuseNodes(part, { accepts: acceptsFusion }), written), acceptsRows),
  );
  const kernels = fused.flat();
  const steps = kernels.map((kernel) => stepOf(kernel, profile));
  const numbers = new Map(kernels.map((kernel, at) => [kernel, at]));
  const plan = planMemory(graph, kernels, (kernel) => steps[numbers.get(kernel) ?? 0]?.scratchBytes ?? 0);
  const places = (xs: (typeof kernels)[number]["inputs"]): Place[] => xs.map((x) => plan.place(x));
  const callOf = (kernel: (typeof kernels)[number]): Call[] => {
    const at = numbers.get(kernel) as number;
    const step = steps[at];
    if (step === null) return [];
    return [{ step, args: step.args(places(kernel.inputs), places(kernel.outputs), plan.scratch(at)) }];
  };
  const parts = fused.map((part) => part.flatMap(callOf));
  return { calls: parts.flat(), parts, plan, profile };
}

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
import { bindProgram, type EmittedProgram, emitProgram } from "./program.ts";
import { acceptsFusion, acceptsRows, type Step, stepOf } from "./step.ts";
import { countParts } from "./threads/division.ts";
import { type PartedCall, partCall } from "./threads/part-call.ts";

/** A step with its arguments. */
export interface Call {
  readonly step: Step;
  readonly args: readonly Argument[];
  /** How threads share it; null where the caller computes it alone. */
  readonly parted: PartedCall | null;
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

export function lowerGraph(graph: Graph, profile: KernelProfile, threads: number = 1): Lowering {
  const written = new Set<Tensor>();
  const fused = cutGraph(graph).map((part) =>
    fuseRows(part, notYetWritten(fuseNodes(part, { accepts: acceptsFusion }), written), acceptsRows),
  );
  const kernels = fused.flat();
  const steps = kernels.map((kernel) => stepOf(kernel, profile));
  const numbers = new Map(kernels.map((kernel, at) => [kernel, at]));
  const divisions = steps.map((step) => (threads > 1 && step?.divide?.()) || null);
  const plan = planMemory(graph, kernels, (kernel) => {
    const at = numbers.get(kernel) as number;
    return scratchBytes(steps[at]) * (countParts(divisions[at], threads) > 1 ? threads : 1);
  });
  const places = (xs: (typeof kernels)[number]["inputs"]): Place[] => xs.map((x) => plan.place(x));
  const callOf = (kernel: (typeof kernels)[number]): Call[] => {
    const at = numbers.get(kernel) as number;
    const step = steps[at];
    if (step === null) return [];
    const args = step.args(places(kernel.inputs), places(kernel.outputs), plan.scratch(at));
    return [{ step, args, parted: partCall(divisions[at], threads, args, scratchBytes(step)) }];
  };
  const parts = fused.map((part) => part.flatMap(callOf));
  return { calls: parts.flat(), parts, plan, profile };
}

/** Scratch space of one thread: whole cache lines. */
function scratchBytes(step: Step | null): number {
  return Math.ceil((step?.scratchBytes ?? 0) / 64) * 64;
}

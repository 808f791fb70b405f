// tested by src/graph/passes/fuse-rows.test.ts
import type { Dataflow } from "../../graph/node.ts";
import { cutGraph, notYetWritten } from "../../graph/passes/cut-graph.ts";
import { fuseNodes } from "../../graph/passes/fuse-nodes.ts";
import { fuseRows } from "../../graph/passes/fuse-rows.ts";
import type { Kernel } from "../../graph/passes/kernel.ts";
import { type MemoryPlan, type Place, planMemory } from "../../graph/passes/plan-memory.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Call, Unit } from "./call.ts";
import { copyUnit } from "./copy-unit.ts";
import type { KernelProfile } from "./kernel-profile.ts";
import { acceptsFusion, acceptsRows, followersOf, type Step, stepOf } from "./step.ts";
import type { Parting } from "./threads/part-call.ts";
import { isThreadingInstalled, threading } from "./threads/threading.ts";
import { composedUnit, type LowerGraph } from "./units.ts";

/** What a graph becomes: calls in order, in parts (one unless the graph is cut). */
export interface Lowering {
  readonly parts: readonly (readonly Call[])[];
  readonly plan: MemoryPlan;
  /** What its hand-made kernels are made of. */
  readonly profile: KernelProfile;
  readonly kernels: readonly Kernel[];
  /** By kernel; null where it is no step, but copies or a loop. */
  readonly steps: readonly (Step | null)[];
}

/** `homes`: where outputs go that have a place of their own. */
export function lowerGraph(
  graph: Dataflow,
  profile: KernelProfile,
  threads: number = 1,
  homes: ReadonlyMap<Tensor, Place> = new Map(),
): Lowering {
  const written = new Set<Tensor>();
  const options = { accepts: acceptsFusion, followersOf };
  const fused = cutGraph(graph).map((part) =>
    fuseRows(part, notYetWritten(fuseNodes(part, options), written), acceptsRows),
  );
  const kernels = fused.flat();
  const lower: LowerGraph = (body, places, count) => lowerGraph(body, profile, count, places);
  const composed = kernels.map((kernel) =>
    kernel.kind === "op" ? composedUnit(kernel.node, lower, threads) : copyUnit(kernel),
  );
  const steps = kernels.map((kernel, at) => (composed[at] === null ? stepOf(kernel, profile) : null));
  const shared = threads > 1 && isThreadingInstalled();
  const partings = shared ? threading().shareSteps(steps, threads) : steps.map(() => null);
  const units = kernels.map((_, at) => composed[at] ?? stepUnit(steps[at], partings[at], threads));
  const numbers = new Map(kernels.map((kernel, at) => [kernel, at]));
  const numberOf = (kernel: Kernel): number => numbers.get(kernel) as number;
  const plan = planMemory(graph, kernels, (kernel) => units[numberOf(kernel)]?.scratchBytes ?? 0, homes);
  const places = (xs: Kernel["inputs"]): Place[] => xs.map((x) => plan.place(x));
  const parts = fused.map((part) =>
    part.flatMap((kernel) => {
      const at = numberOf(kernel);
      return units[at]?.calls(places(kernel.inputs), places(kernel.outputs), plan.scratch(at)) ?? [];
    }),
  );
  const copies = plan.copies.map((copy): Call => ({ kind: "copy", ...copy }));
  const all = parts.map((calls, at) => (at === parts.length - 1 ? [...calls, ...copies] : calls));
  return { parts: all, plan, profile, kernels, steps };
}

/** The call of a step, or null when there is nothing to compute. */
function stepUnit(step: Step | null, parting: Parting | null, threads: number): Unit | null {
  if (step === null) return null;
  return {
    scratchBytes: parting === null ? step.scratchBytes : parting.scratchBytes * threads,
    calls: (inputs, outputs, scratch) => [{ kind: "kernel", step, args: step.args(inputs, outputs, scratch), parting }],
  };
}

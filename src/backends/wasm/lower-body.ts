// tested by src/ops/scan.test.ts
import { BYTES, type DType } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Body } from "../../graph/body.ts";
import type { Dataflow, Node } from "../../graph/node.ts";
import { nodeOf } from "../../graph/node.ts";
import type { Spec } from "../../graph/op.ts";
import type { Kernel } from "../../graph/passes/kernel.ts";
import { type Place, rootOf, shifted } from "../../graph/passes/plan-memory.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { type Call, type LoopCall, movedCalls, type Unit } from "./call.ts";
import type { Lowering } from "./lower-graph.ts";
import type { Step } from "./step.ts";
import { type SharedLoop, shareRows } from "./threads/share-rows.ts";
import type { LowerGraph, UnitMaker } from "./units.ts";

/** Structural ops that run a graph of their own, by name. */
export const bodyUnits: Readonly<Record<string, UnitMaker>> = { scan: scanUnit, cond: condUnit };

function bytesOf({ shape, dtype }: Spec): number {
  return sizeOf(shape) * BYTES[dtype as DType];
}

/** A body's calls, whose places are numbered: 0 the body's arena, then its inputs, then its outputs. */
interface LoweredBody {
  readonly arenaBytes: number;
  readonly calls: readonly Call[];
  readonly lowering: Lowering;
}

/**
 * Lowers a body whose first `states` inputs are replaced by its first `states` outputs (the carry of a loop); the
 * other outputs are written to their places.
 */
function lowerBody({ graph }: Body, states: number, lower: LowerGraph, threads: number): LoweredBody {
  const { inputs, nodes, outputs } = graph;
  const [carry, given] = [inputs.slice(0, states), inputs.slice(states)];
  // Outputs that a kernel of the body computes go where they belong at once; a second one of the same value is a copy.
  const homes = new Map<Tensor, Place>();
  const first = inputs.length + 1;
  const placeOf = (output: number): Place => ({ base: first + output, offset: 0 });
  outputs.forEach((y, output) => {
    if (output >= states && isComputed(y) && !homes.has(y)) homes.set(y, placeOf(output));
  });
  const computed = outputs.slice(states).filter((y) => isComputed(rootOf(y)));
  const flow: Dataflow = {
    inputs: given,
    captured: [],
    variables: carry.map((before, i) => ({ before, after: outputs[i] === before ? null : outputs[i] })),
    nodes,
    outputs: computed,
  };
  const lowering = lower(flow, homes, threads);
  const { parts, plan } = lowering;
  // The planner numbers state last.
  const base = (planned: number): number => {
    if (planned === 0 || planned >= first) return planned;
    return planned <= given.length ? planned + states : planned - given.length;
  };
  const moved = movedCalls(parts.flat(), (place) => ({ ...place, base: base(place.base) }));
  const copies = (computed: boolean): Call[] =>
    outputs.flatMap((y, output): Call[] => {
      if (output < states || homes.get(y)?.base === first + output || isComputed(rootOf(y)) !== computed) return [];
      const from = plan.place(y);
      return [{ kind: "copy", from: { ...from, base: base(from.base) }, to: placeOf(output), bytes: bytesOf(y) }];
    });
  // State changes at the end, by copies, or on the way, in place: what is read of the old goes first.
  const end = moved.length - plan.copies.length;
  const calls = [...copies(false), ...moved.slice(0, end), ...copies(true), ...moved.slice(end)];
  return { arenaBytes: plan.arenaBytes, calls, lowering };
}

/** Whether a kernel writes the tensor itself. */
function isComputed(x: Tensor): boolean {
  const node = nodeOf(x);
  return node !== null && node.op.kind !== "source" && node.op.alias !== true;
}

/** The calls with the body's bases replaced by real places. */
function placed(calls: readonly Call[], bases: readonly Place[]): Call[] {
  return movedCalls(calls, ({ base, offset, walks = [] }) => {
    const at = shifted(bases[base], offset);
    return walks.length === 0 ? at : { ...at, walks: [...(at.walks ?? []), ...walks] };
  });
}

interface ScanAttrs {
  readonly body: Body;
  readonly carries: number;
  readonly xs: number;
  readonly length: number;
  readonly reverse: boolean;
}

/** scan: the carry lives in its final place, which is filled at first; slices and stacked outputs walk. */
function scanUnit(node: Node, lower: LowerGraph, threads: number): Unit {
  const { body, carries, xs, length, reverse } = node.attrs as unknown as ScanAttrs;
  const { inputs: given, outputs: results } = body.graph;
  const walks = [0, ...given, ...results].map((x, base) => {
    const isSlice = base > carries && base <= carries + xs;
    return typeof x !== "number" && (isSlice || base > given.length + carries) ? bytesOf(x) : 0;
  });
  const basesOf = (inputs: readonly Place[], outputs: readonly Place[], scratch: Place): Place[] => [
    scratch,
    ...outputs.slice(0, carries),
    ...inputs.slice(carries),
    ...outputs,
  ];
  const loopOf = ({ calls }: LoweredBody): LoopCall => {
    const loop = {};
    const own = movedCalls(calls, (place) => {
      const bytes = walks[place.base];
      return bytes === 0 ? place : { ...place, walks: [{ loop, bytes }, ...(place.walks ?? [])] };
    });
    return { kind: "loop", loop, rounds: length, reverse, calls: own, shared: null };
  };
  const alone = lowerBody(body, carries, lower, 1);
  const share = threads < 2 ? null : sharedLoop(node, alone, loopOf(alone), walks.length, threads);
  const lowered = share !== null || threads < 2 ? alone : lowerBody(body, carries, lower, threads);
  return {
    scratchBytes: share === null ? lowered.arenaBytes : lowered.arenaBytes * threads,
    calls: (inputs, outputs, scratch) => {
      const starts = given
        .slice(0, carries)
        .map((spec, i): Call => ({ kind: "copy", from: inputs[i], to: outputs[i], bytes: bytesOf(spec) }));
      const bases = basesOf(inputs, outputs, scratch);
      const [loop] = placed([loopOf(lowered)], bases) as [LoopCall];
      return [...starts, { ...loop, shared: share?.(bases) ?? null }];
    },
  };
}

/** What makes a loop one call that threads share; null where they cannot, or it is not worth it. */
function sharedLoop(node: Node, body: LoweredBody, call: LoopCall, bases: number, threads: number): SharedLoop | null {
  const { body: { graph }, carries } = node.attrs as unknown as ScanAttrs; // biome-ignore format: one line
  const states = graph.inputs.slice(0, carries);
  const kernels = new Map<Step, Kernel>();
  body.lowering.kernels.forEach((kernel, at) => {
    const step = body.lowering.steps[at];
    if (step !== null) kernels.set(step, kernel);
  });
  const varies = (x: Tensor): boolean => isComputed(x) || states.includes(x);
  const rows = states[0]?.shape[0] ?? 0;
  return rows < 2 ? null : shareRows({ call, scratchBytes: body.arenaBytes, bases, kernels, varies }, rows, threads);
}

/** cond: both bodies write to the same places; one of them runs. */
function condUnit(node: Node, lower: LowerGraph, threads: number): Unit {
  const { ifTrue, ifFalse } = node.attrs as { readonly ifTrue: Body; readonly ifFalse: Body };
  const [a, b] = [ifTrue, ifFalse].map((body) => lowerBody(body, 0, lower, threads));
  return {
    scratchBytes: Math.max(a.arenaBytes, b.arenaBytes),
    calls: ([test, ...inputs], outputs, scratch) => {
      const bases = [scratch, ...inputs, ...outputs];
      return [{ kind: "branch", test, ifTrue: placed(a.calls, bases), ifFalse: placed(b.calls, bases) }];
    },
  };
}

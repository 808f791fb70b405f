// tested by src/ops/scan.test.ts
import { BYTES, type DType } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Body } from "../../graph/body.ts";
import type { Dataflow, Node } from "../../graph/node.ts";
import { nodeOf } from "../../graph/node.ts";
import type { Spec } from "../../graph/op.ts";
import { type Place, rootOf, shifted } from "../../graph/passes/plan-memory.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { type Call, movedCalls, type Unit } from "./call.ts";
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
}

/**
 * Lowers a body whose first `states` inputs are replaced by its first `states` outputs (the carry of a loop); the
 * other outputs are written to their places.
 */
function lowerBody({ graph }: Body, states: number, lower: LowerGraph): LoweredBody {
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
  const { parts, plan } = lower(flow, homes);
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
  return { arenaBytes: plan.arenaBytes, calls };
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

/** scan: the carry lives in its final place, which is filled at first; slices and stacked outputs walk. */
function scanUnit(node: Node, lower: LowerGraph): Unit {
  const { body, carries, xs, length, reverse } = node.attrs as {
    readonly body: Body;
    readonly carries: number;
    readonly xs: number;
    readonly length: number;
    readonly reverse: boolean;
  };
  const { graph } = body;
  const lowered = lowerBody(body, carries, lower);
  return {
    scratchBytes: lowered.arenaBytes,
    calls: (inputs, outputs, scratch) => {
      const loop = {};
      const walking = (place: Place, slice: Spec): Place => ({
        ...place,
        walks: [...(place.walks ?? []), { loop, bytes: bytesOf(slice) }],
      });
      const bases = [
        scratch,
        ...outputs.slice(0, carries),
        ...inputs.slice(carries).map((place, i) => (i < xs ? walking(place, graph.inputs[carries + i]) : place)),
        ...outputs.map((place, i) => (i < carries ? place : walking(place, graph.outputs[i]))),
      ];
      const starts = graph.inputs
        .slice(0, carries)
        .map((spec, i): Call => ({ kind: "copy", from: inputs[i], to: outputs[i], bytes: bytesOf(spec) }));
      return [...starts, { kind: "loop", loop, rounds: length, reverse, calls: placed(lowered.calls, bases) }];
    },
  };
}

/** cond: both bodies write to the same places; one of them runs. */
function condUnit(node: Node, lower: LowerGraph): Unit {
  const { ifTrue, ifFalse } = node.attrs as { readonly ifTrue: Body; readonly ifFalse: Body };
  const [a, b] = [ifTrue, ifFalse].map((body) => lowerBody(body, 0, lower));
  return {
    scratchBytes: Math.max(a.arenaBytes, b.arenaBytes),
    calls: ([test, ...inputs], outputs, scratch) => {
      const bases = [scratch, ...inputs, ...outputs];
      return [{ kind: "branch", test, ifTrue: placed(a.calls, bases), ifFalse: placed(b.calls, bases) }];
    },
  };
}

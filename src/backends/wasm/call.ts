// tested by src/ops/scan.test.ts
import type { LoopId, Place } from "../../graph/passes/plan-memory.ts";
import type { Argument } from "./emit-loops.ts";
import type { Step } from "./step.ts";
import type { Parting } from "./threads/part-call.ts";

/** What a program does, one after the other. */
export type Call = KernelCall | CopyCall | LoopCall | BranchCall;

/** A step with its arguments. */
export interface KernelCall {
  readonly kind: "kernel";
  readonly step: Step;
  readonly args: readonly Argument[];
  /** How threads share it; null where the caller computes it alone. */
  readonly parting: Parting | null;
}

/** A call that threads share. */
export type PartedCall = KernelCall & { readonly parting: Parting };

export function isParted(call: KernelCall): call is PartedCall {
  return call.parting !== null;
}

export interface CopyCall {
  readonly kind: "copy";
  readonly from: Place;
  readonly to: Place;
  readonly bytes: Argument;
}

/** `rounds` times the same calls; places inside walk with the round's number, which `reverse` counts down. */
export interface LoopCall {
  readonly kind: "loop";
  readonly loop: LoopId;
  readonly rounds: Argument;
  readonly reverse: boolean;
  readonly calls: readonly Call[];
  /** The whole loop as a call that threads share, each for rows of its own; null where the caller computes it alone. */
  readonly shared: PartedCall | null;
}

/** One of two lists of calls, by the bool that lies at `test`. */
export interface BranchCall {
  readonly kind: "branch";
  readonly test: Place;
  readonly ifTrue: readonly Call[];
  readonly ifFalse: readonly Call[];
}

/** A kernel as calls, given where its inputs and outputs lie, with the scratch space that they need. */
export interface Unit {
  readonly scratchBytes: number;
  calls(inputs: readonly Place[], outputs: readonly Place[], scratch: Place): readonly Call[];
}

/** Every kernel call, those inside loops and branches too; a loop that is shared comes behind what it calls. */
export function kernelCalls(calls: readonly Call[]): KernelCall[] {
  return calls.flatMap((call) => {
    if (call.kind === "kernel") return [call];
    if (call.kind === "loop") return [...kernelCalls(call.calls), ...(call.shared ? [call.shared] : [])];
    return call.kind === "branch" ? kernelCalls([...call.ifTrue, ...call.ifFalse]) : [];
  });
}

/** The calls with other places. */
export function movedCalls(calls: readonly Call[], move: (place: Place) => Place): Call[] {
  const all = (list: readonly Call[]): Call[] => movedCalls(list, move);
  const args = (call: KernelCall): Argument[] => call.args.map((arg) => (typeof arg === "number" ? arg : move(arg)));
  const moved = (call: Call): Call => {
    switch (call.kind) {
      case "kernel":
        return { ...call, args: args(call) };
      case "copy":
        return { ...call, from: move(call.from), to: move(call.to) };
      case "loop":
        return { ...call, calls: all(call.calls), shared: call.shared && { ...call.shared, args: args(call.shared) } };
      case "branch":
        return { ...call, test: move(call.test), ifTrue: all(call.ifTrue), ifFalse: all(call.ifFalse) };
    }
  };
  return calls.map(moved);
}

/** Every place that calls name. */
export function placesIn(calls: readonly Call[]): Place[] {
  const places: Place[] = [];
  movedCalls(calls, (place) => {
    places.push(place);
    return place;
  });
  return places;
}

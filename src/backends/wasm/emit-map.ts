import { BYTES, type DType } from "../../core/dtype.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import { lanesFor, storeLanes, varyingAlong } from "./emit-code.ts";
import { BodyEmitter, emitConstants, emitPlaces, LoopFunction, nest, whileLeft } from "./emit-loops.ts";
import { hasRelaxedSimd } from "./kernel-profile.ts";
import { advance as advancePointer } from "./kernels/pointer-steps.ts";
import type { Lanes } from "./lanes.ts";
import type { Lowered } from "./lower-kernel.ts";
import { scalarStore } from "./scalar-lanes.ts";

/**
 * How many neighbouring vectors one round computes: addresses and counters then cost less, and chains of instructions
 * wait for one another less. Many values at once do not stay in registers, which older V8 takes worse.
 */
export function vectorsARound({ body }: Lowered): 1 | 2 | 4 {
  const instructions = body.code.filter((i) => i.kind !== "const").length;
  if (instructions > 400) return 1;
  return instructions > 100 && !hasRelaxedSimd() ? 2 : 4;
}

/**
 * Emits an elementwise kernel: loops over all but the last dimension, and along the last one a vector loop with a
 * short step for the rest. Outputs are contiguous, so their addresses only ever go forward. In a segment of its own the
 * last dimension may be a part of a row.
 */
export function emitMap(fn: FunctionBuilder, lowered: Lowered, outputs: readonly DType[]): void {
  const f = new LoopFunction(fn, lowered);
  const inner = lowered.dims.length - 1;
  const lanes = lanesFor(lowered, inner);
  const varying = varyingAlong(lowered, inner);
  const constants = emitConstants(f, varying, lanes);
  const outer = lowered.dims.map((_, loop) => loop).slice(0, inner);
  nest(f, outer, (counters) => {
    const places = emitPlaces(f, counters);
    const body = new BodyEmitter(f, places, inner, constants);
    body.invariants(varying, lanes);
    emitRow({ f, lanes, places, outputs }, (count, rest) => {
      body.steps(varying, lanes, count).forEach((values, ahead) => {
        values.forEach((value, at) => {
          if (lanes.count === 1) scalarStore(fn, outputs[at], f.output(at), value);
          else storeLanes(fn, lanes, outputs[at], f.output(at), value, rest, ahead);
        });
      });
    });
    if (lowered.segments.length > 1) skip(f, outputs);
  });
}

/** Rows of which a part is computed lie as many elements apart as the last parameter says. */
function skip(f: LoopFunction, outputs: readonly DType[]): void {
  outputs.forEach((dtype, at) => {
    f.fn.get(f.output(at)).get(f.output(outputs.length)).i32const(BYTES[dtype]);
    f.fn.op("i32.mul").op("i32.add").set(f.output(at));
  });
}

interface Row {
  readonly f: LoopFunction;
  readonly lanes: Lanes;
  readonly places: readonly number[];
  readonly outputs: readonly DType[];
}

type EmitSteps = (count: number, rest: number | null) => void;

/** One row: several steps at a time, single steps while enough elements are left, then one step for the rest. */
function emitRow({ f, lanes, places, outputs }: Row, steps: EmitSteps): void {
  const { fn, lowered } = f;
  const inner = lowered.dims.length - 1;
  const left = fn.local("i32");
  fn.get(f.length(inner)).set(left);
  for (const many of new Set([lanes.count > 1 ? vectorsARound(lowered) : 1, 1])) {
    const count = lanes.count * many;
    whileLeft(fn, left, count, () => {
      steps(many, null);
      advance(f, count, places, inner);
      outputs.forEach((dtype, at) => {
        advancePointer(fn, f.output(at), count * BYTES[dtype]);
      });
    });
  }
  if (lanes.count === 1) return;
  fn.get(left).if_();
  steps(1, left);
  outputs.forEach((dtype, at) => {
    fn.get(f.output(at)).get(left).i32const(BYTES[dtype]).op("i32.mul").op("i32.add").set(f.output(at));
  });
  fn.end();
}

/** Moves the places of everything that walks along a loop by some steps. */
export function advance(f: LoopFunction, steps: number, places: readonly number[], inner: number): void {
  const { fn, lowered } = f;
  lowered.accesses.forEach((access, a) => {
    const stride = access.strides[inner];
    if (stride === 0) return;
    fn.get(places[a]);
    if (stride === 1 && access.kind === "load") fn.i32const(steps * BYTES[access.dtype]);
    else if (steps === 1) fn.get(f.step(a, inner));
    else fn.get(f.step(a, inner)).i32const(steps).op("i32.mul");
    fn.op("i32.add").set(places[a]);
  });
}

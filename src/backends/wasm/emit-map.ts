import { BYTES, type DType } from "../../core/dtype.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import { lanesFor, storeLanes, varyingAlong } from "./emit-code.ts";
import { BodyEmitter, emitConstants, emitPlaces, LoopFunction, nest } from "./emit-loops.ts";
import type { Lanes } from "./lanes.ts";
import type { Lowered } from "./lower-kernel.ts";
import { scalarStore } from "./scalar-lanes.ts";

/** Bodies up to this many instructions are unrolled: addresses and counters then cost less a step. */
const UNROLL_UP_TO = 24;
const UNROLL = 4;

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
    emitRow({ f, lanes, places, outputs }, (rest, ahead) => {
      body.step(varying, lanes, ahead).forEach((value, at) => {
        if (lanes.count === 1) scalarStore(fn, outputs[at], f.output(at), value);
        else storeLanes(fn, lanes, outputs[at], f.output(at), value, rest, ahead);
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

type EmitStep = (rest: number | null, ahead: number) => void;

/** One row: several steps at a time, single steps while enough elements are left, then one step for the rest. */
function emitRow(row: Row, step: EmitStep): void {
  const { f, lanes, outputs } = row;
  const { fn, lowered } = f;
  const inner = lowered.dims.length - 1;
  const left = fn.local("i32");
  fn.get(f.length(inner)).set(left);
  const calls = lowered.body.code.filter((i) => i.kind !== "const").length;
  if (lanes.count > 1 && calls <= UNROLL_UP_TO) emitSteps(row, left, UNROLL, step);
  emitSteps(row, left, 1, step);
  if (lanes.count === 1) return;
  fn.get(left).if_();
  step(left, 0);
  outputs.forEach((dtype, at) => {
    fn.get(f.output(at)).get(left).i32const(BYTES[dtype]).op("i32.mul").op("i32.add").set(f.output(at));
  });
  fn.end();
}

/** `while (left >= count) { steps; left -= count }`, tested at the end so that a round has one jump. */
function emitSteps({ f, lanes, places, outputs }: Row, left: number, steps: number, step: EmitStep): void {
  const { fn, lowered } = f;
  const count = lanes.count * steps;
  fn.get(left).i32const(count).op("i32.ge_s").if_().loop();
  for (let ahead = 0; ahead < steps; ahead++) step(null, ahead);
  advance(f, count, places, lowered.dims.length - 1);
  outputs.forEach((dtype, at) => {
    fn.get(f.output(at))
      .i32const(count * BYTES[dtype])
      .op("i32.add")
      .set(f.output(at));
  });
  fn.get(left).i32const(count).op("i32.sub").tee(left).i32const(count).op("i32.ge_s").br_if(0).end().end();
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

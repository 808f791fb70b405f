import { BYTES, type DType } from "../../core/dtype.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import { lanesFor, storeLanes, varyingAlong } from "./emit-code.ts";
import { BodyEmitter, emitPlaces, LoopFunction, nest } from "./emit-loops.ts";
import type { Lanes } from "./lanes.ts";
import type { Lowered } from "./lower-kernel.ts";
import { scalarStore } from "./scalar-lanes.ts";

/**
 * Emits an elementwise kernel: loops over all but the last dimension, and along the last one a vector loop with a
 * short step for the rest. Outputs are contiguous, so their addresses only ever go forward.
 */
export function emitMap(fn: FunctionBuilder, lowered: Lowered, outputs: readonly DType[]): void {
  const f = new LoopFunction(fn, lowered);
  const inner = lowered.dims.length - 1;
  const lanes = lanesFor(lowered, inner);
  const varying = varyingAlong(lowered, inner);
  const outer = lowered.dims.map((_, loop) => loop).slice(0, inner);
  nest(f, outer, (counters) => {
    const places = emitPlaces(f, counters);
    const body = new BodyEmitter(f, places, inner);
    body.invariants(varying, lanes);
    emitRow(f, lanes, places, outputs, (rest) => {
      const results = body.step(varying, lanes);
      results.forEach((value, at) => {
        if (lanes.count === 1) scalarStore(fn, outputs[at], f.output(at), value);
        else storeLanes(fn, lanes, outputs[at], f.output(at), value, rest);
      });
    });
  });
}

/** One row: full steps while enough elements are left, then one step for the rest. */
function emitRow(
  f: LoopFunction,
  lanes: Lanes,
  places: readonly number[],
  outputs: readonly DType[],
  step: (rest: number | null) => void,
): void {
  const { fn, lowered } = f;
  const inner = lowered.dims.length - 1;
  const left = fn.local("i32");
  fn.get(f.length(inner)).set(left);
  fn.block().loop();
  fn.get(left).i32const(lanes.count).op("i32.lt_s").br_if(1);
  step(null);
  advance(f, lanes.count, places, inner);
  outputs.forEach((dtype, at) => {
    fn.get(f.output(at)).i32const(lanes.count * BYTES[dtype]).op("i32.add").set(f.output(at));
  });
  fn.get(left).i32const(lanes.count).op("i32.sub").set(left).br(0).end().end();
  if (lanes.count === 1) return;
  fn.get(left).if_();
  step(left);
  outputs.forEach((dtype, at) => {
    fn.get(f.output(at)).get(left).i32const(BYTES[dtype]).op("i32.mul").op("i32.add").set(f.output(at));
  });
  fn.end();
}

/** Moves the places of everything that walks along a loop by some steps. */
export function advance(f: LoopFunction, steps: number, places: readonly number[], inner: number): void {
  const { fn, lowered } = f;
  lowered.accesses.forEach((access, a) => {
    if (access.strides[inner] === 0) return;
    fn.get(places[a]).get(f.step(a, inner));
    if (steps > 1) fn.i32const(steps).op("i32.mul");
    fn.op("i32.add").set(places[a]);
  });
}

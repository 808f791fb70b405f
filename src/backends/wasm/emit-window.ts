// tested by src/backends/wasm/emit-reduce.test.ts
import type { DType } from "../../core/dtype.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import { lanesFor, storeLanes, varyingAlong } from "./emit-code.ts";
import { BodyEmitter, countedLoop, emitConstants, emitPlaces, LoopFunction, nest } from "./emit-loops.ts";
import { advance } from "./emit-map.ts";
import { joinOp, neutral, type ReduceShape } from "./emit-reduce.ts";
import { classOf, type Lanes } from "./lanes.ts";
import type { Lowered } from "./lower-kernel.ts";

/**
 * Ops with a meaning over ranges (windows, convolutions of any rank) in vectors of neighbouring outputs: the channels.
 * Each output is joined in the order of the ranges, as `emitGeneric` does: the bits are the same.
 */
export function isVectorWindow(lowered: Lowered, { combine, dtype }: ReduceShape): boolean {
  const inner = lowered.segments[0] - 1;
  if (lowered.dims[inner] === 1) return false;
  const from = combine === "argmax" ? valueType(lowered) : dtype;
  const kind = classOf(from);
  if (kind === "u8" || kind === "bool") return false;
  const { count } = lanesFor(lowered, inner);
  return combine === "argmax" ? count === 4 && (kind === "f32" || kind === "i32") : count > 1;
}

function valueType({ body }: Lowered): DType {
  return body.code[body.roots[0]].dtype;
}

export function emitWindow(
  fn: FunctionBuilder,
  lowered: Lowered,
  reduce: ReduceShape & { readonly begins: boolean },
): void {
  const f = new LoopFunction(fn, lowered);
  const inner = lowered.segments[0] - 1;
  const lanes = lanesFor(lowered, inner);
  const varying = varyingAlong(lowered, inner);
  const constants = emitConstants(f, varying, lanes);
  const loops = lowered.dims.map((_, loop) => loop);
  const left = fn.local("i32");
  const join = joinerOf(fn, lowered, reduce, lanes);
  const stepAt = (places: readonly number[]): number[] => {
    const body = new BodyEmitter(f, places, inner, constants);
    body.invariants(varying, lanes);
    return body.step(varying, lanes);
  };
  nest(f, loops.slice(0, inner), (counters) => {
    const places = emitPlaces(f, counters);
    const column = (): void => {
      join.start(reduce.begins ? stepAt(places)[1] : null);
      walk(f, loops.slice(inner + 1), places, (at) => join.take(stepAt(at)[0]));
    };
    fn.get(f.length(inner)).set(left);
    fn.block().loop().get(left).i32const(lanes.count).op("i32.lt_s").br_if(1);
    column();
    storeLanes(fn, lanes, reduce.dtype, f.output(0), join.result, null);
    advance(f, lanes.count, places, inner);
    fn.get(f.output(0))
      .i32const(lanes.count * bytesOf(lanes))
      .op("i32.add")
      .set(f.output(0));
    fn.get(left).i32const(lanes.count).op("i32.sub").set(left).br(0).end().end();
    fn.get(left).if_();
    column();
    storeLanes(fn, lanes, reduce.dtype, f.output(0), join.result, left);
    fn.get(f.output(0)).get(left).i32const(bytesOf(lanes)).op("i32.mul").op("i32.add").set(f.output(0)).end();
  });
}

/** Bytes of a lane: what is stored fills a vector. */
function bytesOf(lanes: Lanes): number {
  return 16 / lanes.count;
}

/** Nested loops that go forward from places, each access in a local that the steps of its loop move. */
function walk(
  f: LoopFunction,
  loops: readonly number[],
  places: readonly number[],
  body: (places: readonly number[]) => void,
): void {
  const [loop, ...rest] = loops;
  if (loop === undefined) {
    body(places);
    return;
  }
  const { fn } = f;
  const moves = f.lowered.accesses.map((access) => access.strides[loop] !== 0);
  const own = places.map((place, a) => {
    if (!moves[a]) return place;
    const local = fn.local("i32");
    fn.get(place).set(local);
    return local;
  });
  countedLoop(fn, f.length(loop), () => {
    walk(f, rest, own, body);
    own.forEach((place, a) => {
      if (moves[a]) fn.get(place).get(f.step(a, loop)).op("i32.add").set(place);
    });
  });
}

interface Joining {
  readonly result: number;
  start(initial: number | null): void;
  take(value: number): void;
}

function joinerOf(fn: FunctionBuilder, lowered: Lowered, { combine, dtype }: ReduceShape, lanes: Lanes): Joining {
  const best = fn.local("v128");
  if (combine === "argmax") return argmaxOf(fn, valueType(lowered), lanes, best);
  const op = joinOp(combine, dtype, lanes.count);
  return {
    result: best,
    start: (initial) => {
      if (initial === null) lanes.constant(fn, neutral(combine, dtype), dtype);
      else fn.get(initial);
      fn.set(best);
    },
    take: (value) => fn.get(best).get(value).op(op).set(best),
  };
}

/** Takes a value that is greater, or the first NaN; before all, the first position counts as taken. */
function argmaxOf(fn: FunctionBuilder, from: DType, lanes: Lanes, best: number): Joining {
  const [result, at, taken] = [fn.local("v128"), fn.local("v128"), fn.local("v128")];
  return {
    result,
    start: () => {
      lanes.constant(fn, neutral("max", from), from);
      fn.set(best).i32x4const(0).set(result).i32x4const(0).set(at);
    },
    take: (value) => {
      fn.get(value).get(best);
      if (from === "float32") {
        fn.op("f32x4.gt").get(value).get(value).op("f32x4.ne").get(best).get(best).op("f32x4.eq");
        fn.op("v128.and").op("v128.or");
      } else fn.op("i32x4.gt_s");
      fn.set(taken);
      fn.get(value).get(best).get(taken).op("v128.bitselect").set(best);
      fn.get(at).get(result).get(taken).op("v128.bitselect").set(result);
      fn.get(at).i32x4const(1).op("i32x4.add").set(at);
    },
  };
}

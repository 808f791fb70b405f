import { BYTES, type DType } from "../../core/dtype.ts";
import type { Combine } from "../../ir/expr.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import type { Opcode } from "./assembler/opcodes.ts";
import { lanesFor, storeLanes, varyingAlong } from "./emit-code.ts";
import { BodyEmitter, countedLoop, emitConstants, emitPlaces, LoopFunction, nest, whileLeft } from "./emit-loops.ts";
import { advance, vectorsARound } from "./emit-map.ts";
import { advance as advancePointer } from "./kernels/pointer-steps.ts";
import { classOf, type Lanes } from "./lanes.ts";
import type { Lowered } from "./lower-kernel.ts";
import { scalarConstant, scalarRegister, scalarStore } from "./scalar-lanes.ts";

/**
 * Reductions. The order in which elements are joined depends on the shape alone, so that a fused reduction gives
 * the bits of a plain one:
 * - along the last axis: PARTIALS vectors take turns, are joined pairwise, then lane by lane;
 * - along an earlier axis: in order, four lanes of neighbouring outputs at a time.
 */
export const PARTIALS = 2;

export interface ReduceShape {
  readonly combine: Combine;
  readonly dtype: DType;
}

/** Whether a lowered reduction runs in vectors; lowered with walls before and behind the reduced axes. */
export function isVectorReduce(lowered: Lowered, reduce: ReduceShape): boolean {
  const [, reduced, post] = lowered.segments;
  if (reduce.combine === "argmax" || reduced !== 1 || post !== 1) return false;
  if (classOf(reduce.dtype) === "u8" || classOf(reduce.dtype) === "bool") return false;
  return (
    lanesFor(lowered, alongLast(lowered) ? reducedLoop(lowered) : lowered.dims.length - 1).count > 1 &&
    usesOneWidth(lowered)
  );
}

/** With one output behind the reduced axis the reduction runs along memory. */
export function alongLast(lowered: Lowered): boolean {
  return lowered.dims[lowered.dims.length - 1] === 1;
}

function reducedLoop(lowered: Lowered): number {
  return lowered.dims.length - 2;
}

/** An outer reduction computes its whole body in vectors, so that one width must fit everything. */
function usesOneWidth(lowered: Lowered): boolean {
  return alongLast(lowered) || lowered.body.code.every((i) => i.kind !== "load" || i.args.length === 0);
}

export function emitReduce(fn: FunctionBuilder, lowered: Lowered, reduce: ReduceShape): void {
  if (alongLast(lowered)) emitAlong(fn, lowered, reduce);
  else emitAcross(fn, lowered, reduce);
}

function emitAlong(fn: FunctionBuilder, lowered: Lowered, { combine, dtype }: ReduceShape): void {
  const f = new LoopFunction(fn, lowered);
  const along = reducedLoop(lowered);
  const lanes = lanesFor(lowered, along);
  const varying = varyingAlong(lowered, along);
  const join = joinOp(combine, dtype, lanes.count);
  const partials = Array.from({ length: PARTIALS }, () => fn.local("v128"));
  const constants = emitConstants(f, varying, lanes);
  nest(f, lowered.dims.map((_, loop) => loop).slice(0, along), (counters) => {
    const places = emitPlaces(f, counters);
    const body = new BodyEmitter(f, places, along, constants);
    body.invariants(varying, lanes);
    for (const partial of partials) {
      lanes.constant(fn, neutral(combine, dtype), dtype);
      fn.set(partial);
    }
    const left = fn.local("i32");
    fn.get(f.length(along)).set(left);
    for (let steps = Math.max(vectorsARound(lowered), PARTIALS); steps >= 1; steps /= 2) {
      whileLeft(fn, left, lanes.count * steps, () => {
        for (const [ahead, [value]] of body.steps(varying, lanes, steps).entries()) {
          const into = partials[ahead % PARTIALS];
          fn.get(into).get(value).op(join).set(into);
        }
        advance(f, lanes.count * steps, places, along);
      });
    }
    fn.get(left).if_();
    const [value] = body.step(varying, lanes);
    const kept = keepLanes(fn, lanes, left, value, neutral(combine, dtype), dtype);
    fn.get(partials[1]).get(kept).op(join).set(partials[1]).end();
    fn.get(partials[0]).get(partials[1]).op(join).set(partials[0]);
    const result = joinLanes(fn, lanes, partials[0], combine, dtype);
    scalarStore(fn, dtype, f.output(0), result);
    advancePointer(fn, f.output(0), BYTES[dtype]);
  });
}

/** A copy in which lanes from `left` on are the neutral element: the value may be a constant that later rows need. */
export function keepLanes(
  fn: FunctionBuilder,
  lanes: Lanes,
  left: number,
  value: number,
  filler: number,
  dtype: DType,
): number {
  const kept = fn.local("v128");
  const wide = lanes.count === 2;
  fn.get(value);
  lanes.constant(fn, filler, dtype);
  if (wide)
    fn.v128const(bytesOf([0, 0, 1, 0]))
      .get(left)
      .op("i64.extend_i32_u")
      .op("i64x2.splat")
      .op("i64x2.lt_s");
  else
    fn.v128const(bytesOf([0, 1, 2, 3]))
      .get(left)
      .op("i32x4.splat")
      .op("i32x4.lt_s");
  fn.op("v128.bitselect").set(kept);
  return kept;
}

function bytesOf(words: readonly number[]): Uint8Array {
  return new Uint8Array(new Int32Array(words).buffer);
}

export function joinLanes(fn: FunctionBuilder, lanes: Lanes, vector: number, combine: Combine, dtype: DType): number {
  const join = joinOp(combine, dtype, lanes.count);
  const halves = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];
  fn.get(vector).get(vector).get(vector).shuffle(halves).op(join).set(vector);
  if (lanes.count === 4) {
    const pairs = [4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11];
    fn.get(vector).get(vector).get(vector).shuffle(pairs).op(join).set(vector);
  }
  const result = fn.local(scalarRegister(dtype));
  fn.get(vector);
  fn.lane(
    dtype === "float32" ? "f32x4.extract_lane" : dtype === "float64" ? "f64x2.extract_lane" : "i32x4.extract_lane",
    0,
  );
  fn.set(result);
  return result;
}

/** Some neighbouring vectors of outputs go down the reduced axis together: what they read shares cache lines. */
function emitAcross(fn: FunctionBuilder, lowered: Lowered, { combine, dtype }: ReduceShape): void {
  const f = new LoopFunction(fn, lowered);
  const inner = lowered.dims.length - 1;
  const over = inner - 1;
  const lanes = lanesFor(lowered, inner);
  const varying = varyingAlong(lowered, inner);
  const join = joinOp(combine, dtype, lanes.count);
  const many = vectorsARound(lowered);
  const sums = Array.from({ length: many }, () => fn.local("v128"));
  const left = fn.local("i32");
  const skipped = fn.local("i32");
  const constants = emitConstants(f, varying, lanes);
  nest(f, lowered.dims.map((_, loop) => loop).slice(0, over), (counters) => {
    fn.get(f.length(inner)).set(left).i32const(0).set(skipped);
    const columns = (count: number, rest: number | null) => {
      const own = sums.slice(0, count);
      for (const sum of own) {
        lanes.constant(fn, neutral(combine, dtype), dtype);
        fn.set(sum);
      }
      countedLoop(fn, f.length(over), (counter) => {
        const places = emitPlaces(f, new Map([...counters, [over, counter], [inner, skipped]]));
        const body = new BodyEmitter(f, places, inner, constants);
        body.invariants(varying, lanes);
        for (const [ahead, [value]] of body.steps(varying, lanes, count).entries()) {
          fn.get(own[ahead]).get(value).op(join).set(own[ahead]);
        }
      });
      for (const [ahead, sum] of own.entries()) storeLanes(fn, lanes, dtype, f.output(0), sum, rest, ahead);
    };
    for (const count of new Set([many, 1])) {
      const width = lanes.count * count;
      whileLeft(fn, left, width, () => {
        columns(count, null);
        advancePointer(fn, f.output(0), 16 * count);
        advancePointer(fn, skipped, width);
      });
    }
    fn.get(left).if_();
    columns(1, left);
    fn.get(f.output(0)).get(left).i32const(BYTES[dtype]).op("i32.mul").op("i32.add").set(f.output(0)).end();
  });
}

export function neutral(combine: Combine, dtype: DType): number {
  const c = classOf(dtype);
  // The position of the greatest of nothing is 0; where there is a value, the first one is taken.
  if (combine === "sum" || combine === "argmax") return 0;
  if (combine === "prod") return 1;
  const lowest = combine === "max";
  if (c === "f32" || c === "f64") return lowest ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (c === "i32") return lowest ? -(2 ** 31) : 2 ** 31 - 1;
  return lowest ? 0 : c === "u32" ? 0xffffffff : c === "u8" ? 255 : 1;
}

export function joinOp(combine: Combine, dtype: DType, count: number): Opcode {
  const c = classOf(dtype);
  const float = c === "f32" || c === "f64";
  const type = c === "f32" ? "f32x4" : count === 2 ? "f64x2" : "i32x4";
  const name = combine === "sum" ? "add" : combine === "prod" ? "mul" : combine === "max" ? "max" : "min";
  const suffix = float || name === "add" || name === "mul" ? "" : c === "u32" ? "_u" : "_s";
  return `${type}.${name}${suffix}` as Opcode;
}

/**
 * Any op with a meaning, element by element: loops over the output, and inside them over the ranges, in order.
 * Slow, but right for everything.
 */
export function emitGeneric(
  fn: FunctionBuilder,
  lowered: Lowered,
  reduce: ReduceShape & { readonly begins: boolean },
): void {
  const f = new LoopFunction(fn, lowered);
  const [outer] = lowered.segments;
  const loops = lowered.dims.map((_, loop) => loop);
  const { combine } = reduce;
  const from = lowered.body.code[lowered.body.roots[0]].dtype;
  const sum = fn.local(scalarRegister(from));
  const best = fn.local("i32");
  const at = fn.local("i32");
  nest(f, loops.slice(0, outer), (counters) => {
    scalarConstant(fn, neutral(combine, from), from);
    fn.set(sum).i32const(0).set(best).i32const(0).set(at);
    const started = new Map(counters);
    if (reduce.begins) {
      const body = new BodyEmitter(f, emitPlaces(f, new Map([...started, ...zeros(fn, loops.slice(outer))])), -1);
      fn.get(body.all()[1]).set(sum);
    }
    nest(f, loops.slice(outer), (inner) => {
      const body = new BodyEmitter(f, emitPlaces(f, new Map([...started, ...inner])), -1);
      const value = body.all()[0];
      if (combine === "argmax") {
        emitArgmax(fn, from, { value, sum, best, at });
        advancePointer(fn, at, 1);
      } else {
        joinScalars(fn, combine, from, sum, value);
      }
    });
    scalarStore(fn, reduce.dtype, f.output(0), combine === "argmax" ? best : sum);
    advancePointer(fn, f.output(0), BYTES[reduce.dtype]);
  });
}

function zeros(fn: FunctionBuilder, loops: readonly number[]): [number, number][] {
  const zero = fn.local("i32");
  fn.i32const(0).set(zero);
  return loops.map((loop) => [loop, zero]);
}

function joinScalars(fn: FunctionBuilder, combine: Combine, dtype: DType, sum: number, value: number): void {
  const register = scalarRegister(dtype);
  if (dtype === "bool") {
    // 1 + 1 is 1: true stays true.
    fn.get(sum)
      .get(value)
      .op(combine === "sum" || combine === "max" ? "i32.or" : "i32.and")
      .set(sum);
    return;
  }
  const name = combine === "sum" ? "add" : combine === "prod" ? "mul" : combine === "max" ? "max" : "min";
  if (register !== "i32" || name === "add" || name === "mul") {
    fn.get(sum)
      .get(value)
      .op(`${register}.${name}` as Opcode)
      .set(sum);
    return;
  }
  const unsigned = dtype !== "int32";
  const better = `i32.${name === "max" ? "gt" : "lt"}_${unsigned ? "u" : "s"}` as Opcode;
  fn.get(value).get(sum).get(value).get(sum).op(better).select().set(sum);
}

/** Takes the value when it is the first, is greater, or is the first NaN. */
function emitArgmax(
  fn: FunctionBuilder,
  dtype: DType,
  { value, sum, best, at }: Record<"value" | "sum" | "best" | "at", number>,
): void {
  const register = scalarRegister(dtype);
  const greater = (register === "i32" ? (dtype === "int32" ? "i32.gt_s" : "i32.gt_u") : `${register}.gt`) as Opcode;
  fn.get(at).op("i32.eqz").get(value).get(sum).op(greater).op("i32.or");
  if (register !== "i32") {
    const same = `${register}.eq` as Opcode;
    const differs = `${register}.ne` as Opcode;
    fn.get(value).get(value).op(differs).get(sum).get(sum).op(same).op("i32.and").op("i32.or");
  }
  fn.if_().get(value).set(sum).get(at).set(best).end();
}

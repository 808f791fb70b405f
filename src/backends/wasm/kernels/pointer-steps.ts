import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import type { LaneType } from "./lane-type.ts";

/** Starts a function of i32 parameters without results; `at` gives each name's local. */
export function addFunction<Name extends string>(
  module: ModuleBuilder,
  parameters: readonly Name[],
  exportName?: string,
): { f: FunctionBuilder; at: Record<Name, number> } {
  const f = module.func(Array(parameters.length).fill("i32"), [], exportName);
  const entries = parameters.map((name, i) => [name, i]);
  return { f, at: Object.fromEntries(entries) as Record<Name, number> };
}

/** Declares i32 locals by name. */
export function addLocals<Name extends string>(f: FunctionBuilder, names: readonly Name[]): Record<Name, number> {
  const entries = names.map((name) => [name, f.local("i32")]);
  return Object.fromEntries(entries) as Record<Name, number>;
}

/** Adds the constant `bytes` to an i32 local. */
export function advance(f: FunctionBuilder, local: number, bytes: number): void {
  f.get(local).i32const(bytes).op("i32.add").set(local);
}

/** Adds one i32 local to another. */
export function advanceBy(f: FunctionBuilder, local: number, step: number): void {
  f.get(local).get(step).op("i32.add").set(local);
}

/** Adds the product of two i32 locals to a third. */
export function advanceByProduct(f: FunctionBuilder, local: number, x: number, y: number): void {
  f.get(local).get(x).get(y).op("i32.mul").op("i32.add").set(local);
}

/** target = min(left, most), unsigned. */
export function setMin(f: FunctionBuilder, target: number, left: number, most: number): void {
  f.get(left).i32const(most).get(left).i32const(most).op("i32.lt_u").select().set(target);
}

/** local = local - 1, and branches to the loop just inside which this stands until it is 0. */
export function countDown(f: FunctionBuilder, local: number): void {
  f.get(local).i32const(1).op("i32.sub").tee(local).br_if(0);
}

/**
 * A branch that is never taken, for no pointer to an element is odd, out of the loop just inside which this stands. V8 of
 * Node 20 loads first whatever a straight run of code loads, and then has too few registers for it: this parts two such
 * runs, for one instruction. Steps of a round give different numbers, or V8 sees that a second branch asks the same.
 */
export function emitFence(f: FunctionBuilder, pointer: number, step: number): void {
  f.get(pointer)
    .i32const(2 * step + 1)
    .op("i32.eq")
    .br_if(1);
}

/** Emits `body` for each count of vectors up to `most`, and runs the one that holds the columns left. */
export function emitByWidth(
  f: FunctionBuilder,
  lane: LaneType,
  most: number,
  columns: number,
  body: (vectors: number) => void,
): void {
  f.block();
  for (let vectors = most; vectors > 1; vectors--) {
    f.get(columns)
      .i32const((vectors - 1) * lane.lanes)
      .op("i32.gt_s")
      .if_();
    body(vectors);
    f.br(1).end();
  }
  body(1);
  f.end();
}

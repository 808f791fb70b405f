import type { DType } from "../../core/dtype.ts";
import { BYTES } from "../../core/dtype.ts";
import { InternalError } from "../../core/errors.ts";
import { type BasicOp, isMathsOp } from "../../ir/expr.ts";
import type { Instruction } from "../../ir/linearize.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import type { Lanes } from "./lanes.ts";
import type { Lowered } from "./lower-kernel.ts";
import { scalarLanes } from "./scalar-lanes.ts";
import { emitIdiom } from "./vector-idioms.ts";
import { isVectorCall, vectorLanesFor } from "./vector-lanes.ts";

/** Which instructions of a body change along the innermost loop. */
export function varyingAlong(lowered: Lowered, loop: number): boolean[] {
  const varying: boolean[] = [];
  for (const i of lowered.body.code) {
    const reads = i.kind === "load" && lowered.accesses[i.input].strides[loop] !== 0;
    const args = i.kind === "load" || i.kind === "call" ? i.args : [];
    const guard = i.kind === "load" && i.guard >= 0 && varying[i.guard];
    varying.push(reads || guard || args.some((a) => varying[a]));
  }
  return varying;
}

/** The lanes in which a loop can run: vectors where every varying value fits them and walks by 0 or 1. */
export function lanesFor(lowered: Lowered, loop: number): Lanes {
  const varying = varyingAlong(lowered, loop);
  const dtypes = new Set<DType>();
  const { code, roots } = lowered.body;
  for (let n = 0; n < code.length; n++) {
    if (!varying[n]) continue;
    const i = code[n];
    if (i.kind === "load" && !isVectorLoad(lowered, i, loop, varying)) return scalarLanes;
    if (i.kind === "call") {
      const from = fromOf(code, i);
      if (!isVectorCall(i.op as BasicOp, from, i.dtype)) return scalarLanes;
      // SIMD shifts move all lanes by one distance.
      if ((i.op === "shiftLeft" || i.op === "shiftRight") && code[i.args[1]].kind !== "const") return scalarLanes;
      for (const a of i.args) dtypes.add(code[a].dtype);
    }
    dtypes.add(i.dtype);
  }
  for (const root of roots) dtypes.add(code[root].dtype);
  return vectorLanesFor(dtypes) ?? scalarLanes;
}

function isVectorLoad(
  lowered: Lowered,
  i: Instruction & { kind: "load" },
  loop: number,
  varying: readonly boolean[],
): boolean {
  const access = lowered.accesses[i.input];
  if (access.kind === "coordinate") return true;
  if ((i.guard >= 0 && varying[i.guard]) || i.args.some((a) => varying[a])) return false;
  return access.strides[loop] === 1;
}

/** The dtype that decides a call's instruction: the first argument's, the second's for a select. */
export function fromOf(code: readonly Instruction[], i: Instruction & { kind: "call" }): DType {
  return code[i.args[i.op === "select" ? 1 : 0]].dtype;
}

/** Emits one call, its arguments in locals. */
export function emitCall(
  fn: FunctionBuilder,
  lanes: Lanes,
  code: readonly Instruction[],
  i: Instruction & { kind: "call" },
  args: readonly number[],
): void {
  if (isMathsOp(i.op)) throw new InternalError(`ir: ${i.op} was not expanded`);
  if (lanes.count > 1 && emitIdiom(fn, code, i, args)) return;
  lanes.call(fn, i.op, i.dtype, fromOf(code, i), args);
}

/** Copies a scalar local into every lane of a new vector local. */
export function splat(fn: FunctionBuilder, dtype: DType, scalar: number): number {
  const vector = fn.local("v128");
  if (dtype === "float32") fn.get(scalar).op("f32x4.splat");
  else if (dtype === "float64") fn.get(scalar).op("f64x2.splat");
  else if (dtype === "bool") fn.i32const(0).get(scalar).op("i32.sub").op("i32x4.splat");
  else fn.get(scalar).op("i32x4.splat");
  fn.set(vector);
  return vector;
}

/**
 * Stores a register local at the address in a local, `ahead` registers further on: all lanes, or those below the
 * count in the local `rest`.
 */
export function storeLanes(
  fn: FunctionBuilder,
  lanes: Lanes,
  dtype: DType,
  address: number,
  value: number,
  rest: number | null,
  ahead = 0,
): void {
  const bytes = BYTES[dtype];
  let packed = value;
  if (bytes === 1) {
    packed = fn.local("v128");
    if (dtype === "bool") fn.get(value).i32x4const(1).op("v128.and").set(packed);
    else fn.get(value).set(packed);
    // The low byte of each lane, side by side.
    const step = 16 / lanes.count;
    fn.get(packed)
      .get(packed)
      .shuffle(Array.from({ length: 16 }, (_, i) => (i % lanes.count) * step))
      .set(packed);
  }
  if (rest === null) {
    fn.get(address).get(packed);
    const offset = ahead * lanes.count * bytes;
    if (bytes === 1) fn.storeLane(lanes.count === 4 ? "v128.store32_lane" : "v128.store16_lane", offset, 0);
    else fn.store("v128.store", offset);
    return;
  }
  const store = bytes === 1 ? "v128.store8_lane" : bytes === 4 ? "v128.store32_lane" : "v128.store64_lane";
  for (let lane = 0; lane < lanes.count - 1; lane++) {
    if (lane > 0) fn.get(rest).i32const(lane).op("i32.gt_s").if_();
    fn.get(address)
      .get(packed)
      .storeLane(store, lane * bytes, lane);
    if (lane > 0) fn.end();
  }
}

import type { DType } from "../../core/dtype.ts";
import { ROUND } from "../../ir/arithmetic.ts";
import type { BasicOp } from "../../ir/expr.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import type { Opcode } from "./assembler/opcodes.ts";
import { type BoolTable, type Emit, emitFloat, emitOp, type FloatTable, type Lanes, rowOf } from "./lanes.ts";

/** Four 32-bit lanes: float32, int32, uint32, uint8 (widened) and bool (a mask). */
export const lanes32: Lanes = {
  count: 4,
  register: () => "v128",
  constant(fn, value, dtype) {
    if (dtype === "float32") fn.f32x4const(value);
    else fn.i32x4const(dtype === "bool" ? maskOf(value) : ROUND[dtype](value) | 0);
  },
  load(fn, dtype, offset) {
    if (dtype !== "bool" && dtype !== "uint8") {
      fn.load("v128.load", offset);
      return;
    }
    fn.load("v128.load32_zero", offset).op("i16x8.extend_low_i8x16_u").op("i32x4.extend_low_i16x8_u");
    if (dtype === "bool") fn.i32x4const(0).op("i32x4.ne");
  },
  call(fn, op, dtype, from, args) {
    if (op === "cast") cast32(fn, from, dtype, args[0]);
    else if (from === "float32") emitFloat(fn, op, args, "f32x4", FLOAT32);
    else {
      integers(fn, op, args, from);
      if (dtype === "uint8") fn.i32x4const(0xff).op("v128.and");
    }
  },
};

/** All bits of a true value. */
function maskOf(bool: number): number {
  return bool === 0 ? 0 : -1;
}

/** Two 64-bit lanes: float64 and bool (a mask). */
export const lanes64: Lanes = {
  count: 2,
  register: () => "v128",
  constant(fn, value, dtype) {
    if (dtype === "float64") fn.f64x2const(value);
    else fn.i32x4const(maskOf(value));
  },
  load(fn, dtype, offset) {
    if (dtype === "float64") {
      fn.load("v128.load", offset);
      return;
    }
    fn.load("v128.load32_zero", offset).op("i16x8.extend_low_i8x16_u").op("i32x4.extend_low_i16x8_u");
    fn.op("i64x2.extend_low_i32x4_u").f64x2const(0).op("i64x2.ne");
  },
  call(fn, op, dtype, from, args) {
    if (op === "cast" && from === "bool") fn.get(args[0]).f64x2const(1).op("v128.and");
    else if (op === "cast" && dtype === "bool") fn.get(args[0]).f64x2const(0).op("f64x2.ne");
    else if (from === "float64") emitFloat(fn, op, args, "f64x2", FLOAT64);
    else rowOf(MASKS, op, from)(fn, args);
  },
};

/** The vector lanes that hold every dtype of a list, or null where widths mix. */
export function vectorLanesFor(dtypes: ReadonlySet<DType>): Lanes | null {
  const wide = dtypes.has("float64");
  for (const dtype of dtypes) {
    if (dtype !== "bool" && wide !== (dtype === "float64")) return null;
  }
  return wide ? lanes64 : lanes32;
}

/** Whether a vector can compute this call. */
export function isVectorCall(op: BasicOp, from: DType, to: DType): boolean {
  const float = from === "float32" || from === "float64";
  if (op === "floorDiv" || op === "mod") return false;
  if (op === "cast" && from === "uint32" && to === "uint8") return true;
  return float || op !== "div";
}

/** Adding 1.5 * 2^23 leaves an integer in the low bits, from where a shift moves it to the exponent. */
const INTEGER_IN_LOW_BITS_32 = 12582912;

function scaleByPowerOfTwo32(fn: FunctionBuilder, [x, n]: readonly number[]): void {
  const whole = fn.local("v128");
  const half = fn.local("v128");
  fn.get(n).f32x4const(INTEGER_IN_LOW_BITS_32).op("f32x4.add").tee(whole).i32const(1).op("i32x4.shr_s").set(half);
  const power = () => fn.i32x4const(127).op("i32x4.add").i32const(23).op("i32x4.shl").op("f32x4.mul");
  fn.get(x).get(half);
  power();
  fn.get(whole).get(half).op("i32x4.sub");
  power();
}

/** Adding 1.5 * 2^52 leaves an integer in the low bits, from where a shift moves it to the exponent. */
const INTEGER_IN_LOW_BITS = 6755399441055744;

function scaleByPowerOfTwo64(fn: FunctionBuilder, [x, n]: readonly number[]): void {
  const half = fn.local("v128");
  fn.get(n).f64x2const(0.5).op("f64x2.mul").op("f64x2.floor").set(half);
  const power = () => {
    fn.f64x2const(1023 + INTEGER_IN_LOW_BITS)
      .op("f64x2.add")
      .i32const(52)
      .op("i64x2.shl")
      .op("f64x2.mul");
  };
  fn.get(x).get(half);
  power();
  fn.get(n).get(half).op("f64x2.sub");
  power();
}

function exponent32(fn: FunctionBuilder, [x]: readonly number[]): void {
  fn.get(x).i32const(23).op("i32x4.shr_u").i32x4const(0xff).op("v128.and");
  fn.i32x4const(127).op("i32x4.sub").op("f32x4.convert_i32x4_s");
}

function exponent64(fn: FunctionBuilder, [x]: readonly number[]): void {
  // The biased exponent as the low bits of a float in [2^52, 2^53), less 2^52.
  fn.get(x).i32const(1).op("i64x2.shl").i32const(53).op("i64x2.shr_u");
  fn.f64x2const(2 ** 52)
    .op("v128.or")
    .f64x2const(2 ** 52 + 1023)
    .op("f64x2.sub");
}

function mantissa32(fn: FunctionBuilder, [x]: readonly number[]): void {
  fn.get(x)
    .i32x4const(0x807fffff | 0)
    .op("v128.and")
    .i32x4const(0x3f800000)
    .op("v128.or");
}

function mantissa64(fn: FunctionBuilder, [x]: readonly number[]): void {
  // The bits of infinity are the exponent's mask.
  fn.get(x).f64x2const(Number.POSITIVE_INFINITY).op("v128.andnot").f64x2const(1).op("v128.or");
}

const select: Emit = (fn, [condition, a, b]) => {
  fn.get(a).get(b).get(condition).op("v128.bitselect");
};

/** Of floats, what takes several instructions. */
const FLOAT32: FloatTable<Emit> = {
  select,
  scaleByPowerOfTwo: scaleByPowerOfTwo32,
  exponent: exponent32,
  mantissa: mantissa32,
};
const FLOAT64: FloatTable<Emit> = {
  select,
  scaleByPowerOfTwo: scaleByPowerOfTwo64,
  exponent: exponent64,
  mantissa: mantissa64,
};

/** Operations on masks of any width. */
const MASKS: BoolTable<Emit> = {
  and: emitOp("v128.and"),
  or: emitOp("v128.or"),
  not: emitOp("v128.not"),
  min: emitOp("v128.and"),
  max: emitOp("v128.or"),
  ne: emitOp("v128.xor"),
  eq: (fn, [a, b]) => fn.get(a).get(b).op("v128.xor").op("v128.not"),
  lt: (fn, [a, b]) => fn.get(b).get(a).op("v128.andnot"),
  gt: (fn, [a, b]) => fn.get(a).get(b).op("v128.andnot"),
  le: (fn, [a, b]) => fn.get(a).get(b).op("v128.andnot").op("v128.not"),
  ge: (fn, [a, b]) => fn.get(b).get(a).op("v128.andnot").op("v128.not"),
  select,
}; // table

/** What leaves an int as it is (abs only an unsigned one). */
const UNCHANGED: ReadonlySet<BasicOp> = new Set(["abs", "floor", "ceil", "round", "trunc"]);

function integers(fn: FunctionBuilder, op: BasicOp, args: readonly number[], from: DType): void {
  if (from === "bool" || op === "select") rowOf(MASKS, op, from)(fn, args);
  else if (op === "neg") fn.get(args[0]).op("i32x4.neg");
  else if (op === "abs" && from === "int32") fn.get(args[0]).op("i32x4.abs");
  else if (UNCHANGED.has(op)) fn.get(args[0]);
  else emitOp(rowOf(INTEGER_NAMES, op, from)[from === "int32" ? 0 : 1])(fn, args);
}

const INTEGER_NAMES: Readonly<Partial<Record<BasicOp, readonly [Opcode, Opcode]>>> = {
  add: ["i32x4.add", "i32x4.add"],
  sub: ["i32x4.sub", "i32x4.sub"],
  mul: ["i32x4.mul", "i32x4.mul"],
  min: ["i32x4.min_s", "i32x4.min_u"],
  max: ["i32x4.max_s", "i32x4.max_u"],
  eq: ["i32x4.eq", "i32x4.eq"],
  ne: ["i32x4.ne", "i32x4.ne"],
  lt: ["i32x4.lt_s", "i32x4.lt_u"],
  le: ["i32x4.le_s", "i32x4.le_u"],
  gt: ["i32x4.gt_s", "i32x4.gt_u"],
  ge: ["i32x4.ge_s", "i32x4.ge_u"],
  bitAnd: ["v128.and", "v128.and"],
  bitOr: ["v128.or", "v128.or"],
  bitXor: ["v128.xor", "v128.xor"],
}; // table

function cast32(fn: FunctionBuilder, from: DType, to: DType, x: number): void {
  fn.get(x);
  if (from === to) return;
  if (from === "float32") {
    if (to === "bool") fn.f32x4const(0).op("f32x4.ne");
    else if (to === "uint8") fn.op("i32x4.trunc_sat_f32x4_u").i32x4const(255).op("i32x4.min_u");
    else fn.op(to === "uint32" ? "i32x4.trunc_sat_f32x4_u" : "i32x4.trunc_sat_f32x4_s");
  } else if (from === "bool") {
    if (to === "float32") fn.f32x4const(1).op("v128.and");
    else fn.i32x4const(1).op("v128.and");
  } else if (to === "float32") fn.op(from === "uint32" ? "f32x4.convert_i32x4_u" : "f32x4.convert_i32x4_s");
  else if (to === "bool") fn.i32x4const(0).op("i32x4.ne");
  else if (to === "uint8") fn.i32x4const(0xff).op("v128.and");
}

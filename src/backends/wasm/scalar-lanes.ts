import type { DType } from "../../core/dtype.ts";
import { ROUND } from "../../ir/arithmetic.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import type { Opcode } from "./assembler/opcodes.ts";
import type { ValueType } from "./assembler/types.ts";
import {
  classOf,
  type Emit,
  emitFloat,
  emitOp,
  type FloatTable,
  type IntegerTable,
  type Lanes,
  rowOf,
} from "./lanes.ts";

/** One element at a time: any mixture of dtypes, any address. */
export const scalarLanes: Lanes = {
  count: 1,
  register: scalarRegister,
  constant: scalarConstant,
  load(fn, dtype, offset) {
    if (dtype === "float32") fn.load("f32.load", offset);
    else if (dtype === "float64") fn.load("f64.load", offset);
    else fn.load(dtype === "bool" || dtype === "uint8" ? "i32.load8_u" : "i32.load", offset);
  },
  call(fn, op, dtype, from, args) {
    if (op === "cast") scalarCast(fn, from, dtype, args[0]);
    else if (from === "float32") emitFloat(fn, op, args, "f32", FLOAT32);
    else if (from === "float64") emitFloat(fn, op, args, "f64", FLOAT64);
    else {
      rowOf(INTEGER, op, from)(fn, args, from === "uint32" || from === "uint8");
      if (dtype === "uint8") fn.i32const(0xff).op("i32.and");
    }
  },
};

export function scalarRegister(dtype: DType): ValueType {
  return dtype === "float32" ? "f32" : dtype === "float64" ? "f64" : "i32";
}

export function scalarConstant(fn: FunctionBuilder, value: number, dtype: DType): void {
  if (dtype === "float32") fn.f32const(value);
  else if (dtype === "float64") fn.f64const(value);
  else fn.i32const(ROUND[dtype](value));
}

/** Stores the value in a local at the address in a local. */
export function scalarStore(fn: FunctionBuilder, dtype: DType, address: number, value: number): void {
  fn.get(address).get(value);
  if (dtype === "float32") fn.store("f32.store");
  else if (dtype === "float64") fn.store("f64.store");
  else fn.store(dtype === "bool" || dtype === "uint8" ? "i32.store8" : "i32.store");
}

const select: Emit = (fn, [condition, a, b]) => {
  fn.get(a).get(b).get(condition).select();
};

/** Of floats, what takes several instructions. */
function composed(type: "f32" | "f64"): FloatTable<Emit> {
  return {
    select,
    scaleByPowerOfTwo: (fn, args) => scaleByPowerOfTwo(fn, args, type),
    exponent: (fn, args) => exponent(fn, args, type),
    mantissa: (fn, args) => mantissa(fn, args, type),
  };
}

const FLOAT32 = composed("f32");
const FLOAT64 = composed("f64");

/** x * 2^n in two exact halves, so that only the last product can round. */
function scaleByPowerOfTwo(fn: FunctionBuilder, [x, n]: readonly number[], type: "f32" | "f64"): void {
  const whole = fn.local("i32");
  const half = fn.local("i32");
  fn.get(n).op(`i32.trunc_sat_${type}_s`).tee(whole).i32const(1).op("i32.shr_s").set(half);
  fn.get(x);
  powerOfTwo(fn.get(half), type).op(`${type}.mul`);
  powerOfTwo(fn.get(whole).get(half).op("i32.sub"), type).op(`${type}.mul`);
}

/** 2^n of the int32 on the stack, whose exponent is in range. */
function powerOfTwo(fn: FunctionBuilder, type: "f32" | "f64"): FunctionBuilder {
  if (type === "f32") return fn.i32const(127).op("i32.add").i32const(23).op("i32.shl").op("f32.reinterpret_i32");
  return fn.i32const(1023).op("i32.add").op("i64.extend_i32_s").i64const(52n).op("i64.shl").op("f64.reinterpret_i64");
}

function exponent(fn: FunctionBuilder, [x]: readonly number[], type: "f32" | "f64"): void {
  if (type === "f32") {
    fn.get(x).op("i32.reinterpret_f32").i32const(23).op("i32.shr_u").i32const(0xff).op("i32.and");
    fn.i32const(127).op("i32.sub").op("f32.convert_i32_s");
  } else {
    fn.get(x).op("i64.reinterpret_f64").i64const(52n).op("i64.shr_u").op("i32.wrap_i64").i32const(0x7ff).op("i32.and");
    fn.i32const(1023).op("i32.sub").op("f64.convert_i32_s");
  }
}

function mantissa(fn: FunctionBuilder, [x]: readonly number[], type: "f32" | "f64"): void {
  if (type === "f32") {
    fn.get(x).op("i32.reinterpret_f32").i32const(0x807fffff).op("i32.and").i32const(0x3f800000).op("i32.or");
    fn.op("f32.reinterpret_i32");
  } else {
    fn.get(x).op("i64.reinterpret_f64").i64const(-0x7ff0000000000001n).op("i64.and");
    fn.i64const(0x3ff0000000000000n).op("i64.or").op("f64.reinterpret_i64");
  }
}

type IntegerEmit = (fn: FunctionBuilder, args: readonly number[], unsigned: boolean) => void;

function integerOp(signed: Opcode, unsigned: Opcode = signed): IntegerEmit {
  return (fn, args, isUnsigned) => emitOp(isUnsigned ? unsigned : signed)(fn, args);
}

const INTEGER: IntegerTable<IntegerEmit> = {
  add: integerOp("i32.add"),
  sub: integerOp("i32.sub"),
  mul: integerOp("i32.mul"),
  neg: (fn, [x]) => fn.i32const(0).get(x).op("i32.sub"),
  abs: (fn, [x], unsigned) => {
    if (unsigned) fn.get(x);
    else fn.i32const(0).get(x).op("i32.sub").get(x).get(x).i32const(0).op("i32.lt_s").select();
  },
  min: (fn, [a, b], unsigned) =>
    fn
      .get(a)
      .get(b)
      .get(a)
      .get(b)
      .op(unsigned ? "i32.lt_u" : "i32.lt_s")
      .select(),
  max: (fn, [a, b], unsigned) =>
    fn
      .get(a)
      .get(b)
      .get(a)
      .get(b)
      .op(unsigned ? "i32.gt_u" : "i32.gt_s")
      .select(),
  floor: (fn, [x]) => fn.get(x),
  ceil: (fn, [x]) => fn.get(x),
  round: (fn, [x]) => fn.get(x),
  trunc: (fn, [x]) => fn.get(x),
  floorDiv,
  mod,
  eq: integerOp("i32.eq"),
  ne: integerOp("i32.ne"),
  lt: integerOp("i32.lt_s", "i32.lt_u"),
  le: integerOp("i32.le_s", "i32.le_u"),
  gt: integerOp("i32.gt_s", "i32.gt_u"),
  ge: integerOp("i32.ge_s", "i32.ge_u"),
  and: integerOp("i32.and"),
  or: integerOp("i32.or"),
  not: (fn, [x]) => fn.get(x).op("i32.eqz"),
  select,
  bitAnd: integerOp("i32.and"),
  bitOr: integerOp("i32.or"),
  bitXor: integerOp("i32.xor"),
  shiftLeft: integerOp("i32.shl"),
  shiftRight: integerOp("i32.shr_u"),
}; // table

/** a - floorDiv(a, b) * b has b's sign; a division by zero, which would trap, gives 0 as in NumPy. */
function floorDiv(fn: FunctionBuilder, [a, b]: readonly number[], unsigned: boolean): void {
  const quotient = fn.local("i32");
  fn.get(b).op("i32.eqz").if_("i32").i32const(0).else_();
  if (unsigned) fn.get(a).get(b).op("i32.div_u");
  else {
    // -2^31 / -1 overflows and would trap: it wraps to -2^31.
    fn.get(b).i32const(-1).op("i32.eq").if_("i32").i32const(0).get(a).op("i32.sub").else_();
    fn.get(a).get(b).op("i32.div_s").tee(quotient);
    fn.get(quotient).get(b).op("i32.mul").get(a).op("i32.ne");
    fn.get(a).get(b).op("i32.xor").i32const(0).op("i32.lt_s").op("i32.and").op("i32.sub").end();
  }
  fn.end();
}

function mod(fn: FunctionBuilder, args: readonly number[], unsigned: boolean): void {
  const [a, b] = args;
  const quotient = fn.local("i32");
  floorDiv(fn, args, unsigned);
  fn.set(quotient).get(b).op("i32.eqz").if_("i32").i32const(0).else_();
  fn.get(a).get(quotient).get(b).op("i32.mul").op("i32.sub").end();
}

function scalarCast(fn: FunctionBuilder, from: DType, to: DType, x: number): void {
  const source = classOf(from);
  const target = classOf(to);
  fn.get(x);
  if (source === target) return;
  if (source === "f32" || source === "f64") {
    if (target === "f64") fn.op("f64.promote_f32");
    else if (target === "f32") fn.op("f32.demote_f64");
    else if (target === "bool") (source === "f32" ? fn.f32const(0) : fn.f64const(0)).op(`${source}.ne`);
    else if (target === "u8") saturateByte(fn.op(`i32.trunc_sat_${source}_u`));
    else fn.op(`i32.trunc_sat_${source}_${target === "u32" ? "u" : "s"}`);
  } else if (target === "f32" || target === "f64") {
    fn.op(`${target}.convert_i32_${source === "i32" ? "s" : "u"}`);
  } else if (target === "bool") fn.i32const(0).op("i32.ne");
  else if (target === "u8") fn.i32const(0xff).op("i32.and");
}

/** min(x, 255) of the unsigned int on the stack. */
function saturateByte(fn: FunctionBuilder): void {
  const x = fn.local("i32");
  fn.tee(x).i32const(255).get(x).i32const(255).op("i32.lt_u").select();
}

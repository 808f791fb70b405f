import type { DType } from "../../core/dtype.ts";
import { InternalError } from "../../core/errors.ts";
import type { BasicOp } from "../../ir/expr.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import type { Opcode } from "./assembler/opcodes.ts";
import type { ValueType } from "./assembler/types.ts";

/**
 * How values of a kernel sit in registers: one element at a time (scalar-lanes.ts), or several (vector-lanes.ts).
 * Every method leaves its result on the stack.
 */
export interface Lanes {
  /** Elements a register holds. */
  readonly count: number;
  /** The register that holds values of a dtype. */
  register(dtype: DType): ValueType;
  constant(fn: FunctionBuilder, value: number, dtype: DType): void;
  /** Consecutive elements from an address on the stack. */
  load(fn: FunctionBuilder, dtype: DType, offset: number): void;
  /** One call; its arguments are in locals. `from` is the first argument's dtype (the second's for select). */
  call(fn: FunctionBuilder, op: BasicOp, dtype: DType, from: DType, args: readonly number[]): void;
}

/** bool as compared, stored and cast: in a 32-bit integer it is 0 or 1, in a vector a mask. */
export type Class = "f32" | "f64" | "i32" | "u32" | "u8" | "bool";

export function classOf(dtype: DType): Class {
  switch (dtype) {
    case "float32":
      return "f32";
    case "float64":
      return "f64";
    case "int32":
      return "i32";
    case "uint32":
      return "u32";
    case "uint8":
      return "u8";
    case "bool":
      return "bool";
  }
}

/** Emits an operation whose arguments are in locals. */
export type Emit = (fn: FunctionBuilder, args: readonly number[]) => void;

/** What has no meaning on floats, on integers and on bools. A cast goes by two dtypes: it stands in no table. */
type NotOfFloats =
  | ("floorDiv" | "mod" | "and" | "or" | "not" | "cast")
  | ("bitAnd" | "bitOr" | "bitXor" | "shiftLeft" | "shiftRight");
type NotOfIntegers = "div" | "sqrt" | "scaleByPowerOfTwo" | "exponent" | "mantissa" | "cast";
type OfBools = "and" | "or" | "not" | "select" | "min" | "max" | "eq" | "ne" | "lt" | "le" | "gt" | "ge";
/** Tables are exhaustive: an operation that has neither a row nor a place above does not compile. */
export type FloatTable<R> = Readonly<Record<Exclude<BasicOp, NotOfFloats | keyof typeof FLOAT_NAMES>, R>>;
export type IntegerTable<R> = Readonly<Record<Exclude<BasicOp, NotOfIntegers>, R>>;
export type BoolTable<R> = Readonly<Record<OfBools, R>>;

export function rowOf<R>(table: Readonly<Partial<Record<BasicOp, R>>>, op: BasicOp, dtype: string): R {
  const row = table[op];
  if (row === undefined) throw new InternalError(`"${op}" has no meaning on ${dtype}`);
  return row;
}

/** On floats one instruction each: its name behind the type or the shape, as in f32.add and f64x2.add. */
const FLOAT_NAMES = {
  add: "add",
  sub: "sub",
  mul: "mul",
  div: "div",
  neg: "neg",
  abs: "abs",
  sqrt: "sqrt",
  min: "min",
  max: "max",
  floor: "floor",
  ceil: "ceil",
  round: "nearest",
  trunc: "trunc",
  eq: "eq",
  ne: "ne",
  lt: "lt",
  le: "le",
  gt: "gt",
  ge: "ge",
} as const; // table

/** `composed`: the operations on floats that take several instructions. */
export function emitFloat(
  fn: FunctionBuilder,
  op: BasicOp,
  args: readonly number[],
  type: "f32" | "f64" | "f32x4" | "f64x2",
  composed: FloatTable<Emit>,
): void {
  const name = FLOAT_NAMES[op as keyof typeof FLOAT_NAMES] as string | undefined;
  if (name === undefined) rowOf(composed, op, type)(fn, args);
  else emitOp(`${type}.${name}` as Opcode)(fn, args);
}

/** One instruction on all arguments. */
export function emitOp(name: Opcode): Emit {
  return (fn, args) => {
    for (const arg of args) fn.get(arg);
    fn.op(name);
  };
}

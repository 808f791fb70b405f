import type { DType } from "../../core/dtype.ts";
import type { BasicOp } from "../../ir/expr.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
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

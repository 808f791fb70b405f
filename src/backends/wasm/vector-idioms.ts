import type { Instruction } from "../../ir/linearize.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import type { Opcode } from "./assembler/opcodes.ts";

type Call = Instruction & { readonly kind: "call" };

/**
 * Emits a call of vectors as fewer instructions where the same bits have them, and says whether it did:
 * a clamp is one pmin or pmax, choosing 0 is a mask, and a shift by a constant needs no vector of distances.
 */
export function emitIdiom(
  fn: FunctionBuilder,
  code: readonly Instruction[],
  i: Call,
  args: readonly number[],
): boolean {
  if (i.op === "shiftLeft" || i.op === "shiftRight") return emitShift(fn, code, i, args);
  if (i.op !== "select") return false;
  return emitClamp(fn, code, i, args) || emitMask(fn, code, i, args);
}

function emitShift(fn: FunctionBuilder, code: readonly Instruction[], i: Call, args: readonly number[]): boolean {
  const distance = code[i.args[1]];
  if (distance.kind !== "const") return false;
  fn.get(args[0])
    .i32const(distance.value)
    .op(i.op === "shiftLeft" ? "i32x4.shl" : "i32x4.shr_u");
  return true;
}

/** p < q ? p : q is pmin(q, p), and p < q ? q : p is pmax(p, q): both keep the second choice where either is NaN. */
function emitClamp(fn: FunctionBuilder, code: readonly Instruction[], i: Call, args: readonly number[]): boolean {
  const [condition, a, b] = i.args;
  const test = code[condition];
  if (test.kind !== "call" || test.op !== "lt" || (i.dtype !== "float32" && i.dtype !== "float64")) return false;
  const [p, q] = test.args;
  const type = i.dtype === "float32" ? "f32x4" : "f64x2";
  if (p === a && q === b)
    fn.get(args[2])
      .get(args[1])
      .op(`${type}.pmin` as Opcode);
  else if (p === b && q === a)
    fn.get(args[2])
      .get(args[1])
      .op(`${type}.pmax` as Opcode);
  else return false;
  return true;
}

/** condition ? 0 : x keeps x's bits where the mask is off; condition ? x : 0 where it is on. */
function emitMask(fn: FunctionBuilder, code: readonly Instruction[], i: Call, args: readonly number[]): boolean {
  const [, a, b] = i.args;
  if (isZero(code[a])) fn.get(args[2]).get(args[0]).op("v128.andnot");
  else if (isZero(code[b])) fn.get(args[1]).get(args[0]).op("v128.and");
  else return false;
  return true;
}

/** All bits 0: not -0. */
function isZero(i: Instruction): boolean {
  return i.kind === "const" && Object.is(i.value, 0);
}

import type { DType } from "../core/dtype.ts";
import { InternalError } from "../core/errors.ts";

/**
 * Scalar expressions: what ONE element of a kernel's output computes. An expression is a tree that may share
 * parts; `linearize` numbers equal parts once. Coordinates are int32.
 */
export type Expr = Const | Index | Range | Load | Call;

export interface Const {
  readonly kind: "const";
  readonly dtype: DType;
  readonly value: number;
}

/** A coordinate of the output element. */
export interface Index {
  readonly kind: "index";
  readonly dtype: "int32";
  readonly axis: number;
}

/** A coordinate of the reduction. */
export interface Range {
  readonly kind: "range";
  readonly dtype: "int32";
  readonly axis: number;
}

/** The element of an input at `index`, one expression an axis. Where `guard` is false nothing is read: it is 0. */
export interface Load {
  readonly kind: "load";
  readonly dtype: DType;
  readonly input: number;
  readonly index: readonly Expr[];
  readonly guard: Expr | null;
}

export interface Call {
  readonly kind: "call";
  readonly dtype: DType;
  readonly op: ScalarOp;
  readonly args: readonly Expr[];
}

/**
 * Arithmetic that a backend emits itself: each has an exhaustive table over these names. What they mean, to the bit:
 * floats as IEEE 754 rounded once, ints modulo 2^bits; evaluate.ts is the executable definition. A select may compute
 * both sides, so its loads must be in range, or guarded, whatever the condition.
 */
// biome-ignore format: one line a group
export const BASIC_OPS = [
  // float and int; div of int32 is not allowed: use floorDiv. min and max give NaN for NaN, and -0 < +0
  "add", "sub", "mul", "div", "neg", "abs", "sqrt", "min", "max",
  // they keep -0, and leave ints as they are; round takes the even one of two
  "floor", "ceil", "round", "trunc",
  // ints only, rounding to -infinity: mod has the divisor's sign; both give 0 for a divisor of 0
  "floorDiv", "mod",
  // comparisons give bool; with NaN all are false but ne
  "eq", "ne", "lt", "le", "gt", "ge",
  // bool
  "and", "or", "not", "select",
  // int32 and uint32; shiftRight is logical; shifts count modulo 32
  "bitAnd", "bitOr", "bitXor", "shiftLeft", "shiftRight",
  // to the call's dtype: float -> int truncates and saturates, NaN -> 0; int -> int wraps; x -> bool is x != 0, NaN too
  "cast",
  // x * 2^n for a float n that holds an integer, |n| <= 254 (float32) or 2046 (float64): rounded once where
  // x 2^(n/2) is normal, so right through overflow and into the subnormals
  "scaleByPowerOfTwo",
  // the exponent's bits less their bias, as a float: floor(log2 |x|) of a normal x, -127 or -1023 of a subnormal; and
  // x with the exponent's bits of 1: x / 2^exponent, in [1, 2) with x's sign
  "exponent", "mantissa",
] as const; // table

/** Functions that ir/maths expands into basic operations, so that every backend computes the same bits. */
export const MATHS_OPS = ["exp", "expm1", "log", "log1p", "tanh", "sigmoid", "sin", "cos", "pow"] as const;

export type BasicOp = (typeof BASIC_OPS)[number];
export type MathsOp = (typeof MATHS_OPS)[number];
export type ScalarOp = BasicOp | MathsOp;

const MATHS: ReadonlySet<string> = new Set(MATHS_OPS);

export function isMathsOp(op: ScalarOp): op is MathsOp {
  return MATHS.has(op);
}

/** How a reduction joins its elements. argmax takes the first of equal values, and the first NaN before any. */
export type Combine = "sum" | "prod" | "max" | "min" | "argmax";

/**
 * An op's meaning: `body` for each output element, or, with `ranges` (sizes of the reduction's coordinates), the
 * combination of the body over all of them, begun from `initial` (by default the combination's neutral element).
 */
export interface Meaning {
  readonly body: Expr;
  readonly ranges?: readonly number[];
  readonly combine?: Combine;
  readonly initial?: Expr;
}

export function constant(value: number, dtype: DType): Const {
  return { kind: "const", dtype, value };
}

export function index(axis: number): Index {
  return { kind: "index", dtype: "int32", axis };
}

export function range(axis: number): Range {
  return { kind: "range", dtype: "int32", axis };
}

export function load(input: number, dtype: DType, at: readonly Expr[], guard: Expr | null = null): Load {
  return { kind: "load", dtype, input, index: at, guard };
}

const COMPARISONS: ReadonlySet<string> = new Set(["eq", "ne", "lt", "le", "gt", "ge"]);

/** A call of `op`; its dtype follows from the arguments, except for a cast's. */
export function call(op: ScalarOp, args: readonly Expr[], castTo?: DType): Call {
  const first = args[op === "select" ? 1 : 0];
  if (first === undefined) throw new InternalError(`ir: ${op} without arguments`);
  if (op === "select" && args[0].dtype !== "bool") throw new InternalError(`ir: select by ${args[0].dtype}`);
  const dtype = castTo ?? (COMPARISONS.has(op) ? "bool" : first.dtype);
  for (const arg of op === "select" ? args.slice(1) : args) {
    if (arg.dtype !== first.dtype) throw new InternalError(`ir: ${op} of ${args.map((a) => a.dtype).join(", ")}`);
  }
  return { kind: "call", dtype, op, args };
}

type Operand = Expr | number;

function operand(x: Operand, like: Expr): Expr {
  return typeof x === "number" ? constant(x, like.dtype) : x;
}

function unaryCall(op: ScalarOp): (x: Expr) => Expr {
  return (x) => call(op, [x]);
}

function binaryCall(op: ScalarOp): (a: Operand, b: Operand) => Expr {
  return (a, b) => {
    const like = typeof a === "number" ? b : a;
    if (typeof like === "number") throw new InternalError(`ir: ${op} of two JavaScript numbers`);
    return call(op, [operand(a, like), operand(b, like)]);
  };
}

// biome-ignore format: one line a group
const UNARY = [
  "neg", "abs", "sqrt", "floor", "ceil", "round", "trunc", "not", "exponent", "mantissa",
  "exp", "expm1", "log", "log1p", "tanh", "sigmoid", "sin", "cos",
] as const; // table
// biome-ignore format: one line a group
const BINARY = [
  "add", "sub", "mul", "div", "min", "max", "floorDiv", "mod", "eq", "ne", "lt", "le", "gt", "ge", "and", "or",
  "bitAnd", "bitOr", "bitXor", "shiftLeft", "shiftRight", "pow", "scaleByPowerOfTwo",
] as const; // table

type Binary = (typeof BINARY)[number];
type UnaryBuilders = { readonly [N in Exclude<ScalarOp, Binary | "cast" | "select">]: (x: Expr) => Expr };
type BinaryBuilders = { readonly [N in Binary]: (a: Operand, b: Operand) => Expr };

interface Builders extends UnaryBuilders, BinaryBuilders {
  cast(x: Expr, dtype: DType): Expr;
  select(condition: Expr, a: Operand, b: Operand): Expr;
}

function builders<N extends ScalarOp, F>(names: readonly N[], make: (op: N) => F): Readonly<Record<N, F>> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<N, F>;
}

/** Builders, by name: `s.add(x, 1)`; a number takes the other operand's dtype. A name that is missing does not compile. */
export const s: Builders = {
  ...builders(UNARY, unaryCall),
  ...builders(BINARY, binaryCall),
  cast: (x: Expr, dtype: DType): Expr => (x.dtype === dtype ? x : call("cast", [x], dtype)),
  select: (condition: Expr, a: Operand, b: Operand): Expr => {
    const like = typeof a === "number" ? b : a;
    if (typeof like === "number") throw new InternalError("ir: select of two JavaScript numbers");
    return call("select", [condition, operand(a, like), operand(b, like)]);
  },
};

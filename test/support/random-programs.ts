import fc from "fast-check";
import { type DType, isFloat } from "../../src/core/dtype.ts";
import { sameShape } from "../../src/core/shape.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import type { Variable } from "../../src/graph/variable.ts";
import { ops, stack } from "../../src/ops/index.ts";

type Name =
  | "add"
  | "sub"
  | "mul"
  | "maximum"
  | "div"
  | "tanh"
  | "exp"
  | "relu"
  | "constant"
  | "where"
  | "wide"
  | "stopGradient"
  | "sum"
  | "sumAll"
  | "max"
  | "prod"
  | "softmax"
  | "mean"
  | "transpose"
  | "reshape"
  | "back"
  | "sumOfPart"
  | "sumOfWider"
  | "besideItsBack"
  | "besideItsStop"
  | "centred"
  | "logSoftmax"
  | "rowScale"
  | "column"
  | "cut"
  | "reverse"
  | "every"
  | "wider"
  | "pad"
  | "concat"
  | "stack"
  | "gather"
  | "matmul"
  | "read"
  | "assign"
  | "assignPlain"
  | "swap";

/** One instruction: an op by number, and operands by number modulo what there is. */
export interface Instruction {
  readonly op: Name;
  readonly a: number;
  readonly b: number;
}

export interface RandomProgram {
  readonly code: readonly Instruction[];
  /** Which of the last values are outputs. */
  readonly outputs: readonly number[];
}

/** What instructions work on. */
interface State {
  readonly values: Tensor[];
  readonly variables: readonly Variable[];
}

type Step = (x: Tensor, y: Tensor, at: { readonly a: number; readonly b: number }, state: State) => Tensor | null;

const squash = (x: Tensor): Tensor => ops.clip(x, -4, 4);
const axisOf = (x: Tensor, b: number): number => b % x.rank;
const part = (x: Tensor, axis: number, range: readonly [number | null, number | null, number?]): Tensor =>
  ops.slice(x, ...x.shape.map((_: number, i: number) => (i === axis ? range : null)));

/** table: what an instruction does with two values of equal shape; null: it does not apply. All is bounded and smooth. */
const INSTRUCTIONS: Readonly<Record<Name, Step>> = {
  add: (x, y) => ops.mul(ops.add(x, y), 0.5),
  sub: (x, y) => ops.sub(x, y),
  mul: (x, y) => squash(ops.mul(x, y)),
  maximum: (x, y) => ops.maximum(x, y),
  div: (x, y) => ops.div(x, ops.add(ops.square(y), 1)),
  tanh: (x) => ops.tanh(x),
  exp: (x) => ops.exp(ops.neg(ops.abs(x))),
  relu: (x) => ops.relu(x),
  constant: (x, y, { b }) => ops.add(ops.mul(x, (b % 5) - 2), y),
  where: (x, y, { b }) => ops.where(ops.less(ops.iota(x.shape[x.rank - 1] ?? 1), b % 4), x, y),
  wide: (x) => ops.cast(ops.div(ops.cast(x, "float64"), 3), "float32"),
  stopGradient: (x) => ops.stopGradient(x),
  sum: (x, _y, { b }) => (x.rank === 0 ? null : ops.sum(x, { axis: axisOf(x, b), keepDims: true })),
  sumAll: (x) => ops.div(ops.sum(x), Math.max(1, x.size)),
  max: (x, _y, { b }) => (x.size === 0 || x.rank === 0 ? null : ops.max(x, { axis: axisOf(x, b) })),
  prod: (x, _y, { b }) => (x.rank === 0 ? null : squash(ops.prod(x, { axis: axisOf(x, b) }))),
  softmax: (x, _y, { b }) => (x.rank === 0 ? null : ops.softmax(x, { axis: axisOf(x, b) })),
  mean: (x, _y, { b }) => (x.rank < 2 || x.size === 0 ? null : ops.mean(x, { axis: [0, 1 + (b % (x.rank - 1))] })),
  transpose: (x) => ops.transpose(x),
  reshape: (x) => ops.reshape(x, [-1]),
  back: (x) => ops.reshape(ops.reshape(x, [x.size]), x.shape),
  // Pairs that a pass may join, or must keep apart.
  sumOfPart: (x, _y, { b }) => (x.rank < 2 ? null : ops.sum(part(x, axisOf(x, b), [1, null]))),
  sumOfWider: (x, _y, { b }) =>
    x.size > 100 ? null : ops.sum(ops.mul(ops.broadcastTo(x, [1 + (b % 3), ...x.shape]), 0.1)),
  besideItsBack: (x) => ops.sub(x, ops.mul(ops.reshape(ops.reshape(x, [x.size]), x.shape), 0.3)),
  besideItsStop: (x, y) => ops.add(ops.stopGradient(ops.tanh(x)), ops.mul(y, 0.5)),
  centred: (x) => ops.sub(x, ops.mean(x, { axis: x.rank === 0 ? [] : -1, keepDims: true })),
  logSoftmax: (x) => (x.rank === 0 ? null : ops.mul(ops.logSoftmax(x), 0.25)),
  rowScale: (x, y) => {
    if (x.rank === 0) return null;
    const across = { axis: -1, keepDims: true } as const;
    return ops.mul(ops.div(x, ops.add(1, ops.square(ops.sum(x, across)))), ops.mean(y, across));
  },
  column: (x) => ops.expandDims(x, { axis: -1 }),
  cut: (x, _y, { b }) => (x.rank === 0 ? null : part(x, axisOf(x, b), [1, null])),
  reverse: (x) => ops.reverse(x),
  every: (x, _y, { b }) => (x.rank === 0 ? null : part(x, axisOf(x, b), [null, null, 2])),
  wider: (x, _y, { b }) => ops.broadcastTo(x, [1 + (b % 3), ...x.shape]),
  pad: (x, _y, { b }) => (x.size > 60 ? null : ops.pad(x, [b % 2, 1], { value: b % 3 })),
  concat: (x, y) => (x.rank === 0 || x.size > 60 ? null : ops.concat([x, y], { axis: -1 })),
  stack: (x, y) => (x.size > 60 ? null : stack([y, x], { axis: 0 })),
  gather: (x, _y, { b }) => (x.rank === 0 || x.shape[0] === 0 ? null : ops.gather(x, indices(x.shape[0], b))),
  matmul: (x, y) => (x.rank < 2 || x.size > 200 ? null : ops.div(ops.matmul(x, ops.transpose(y, swapped(y.rank))), 8)),
  read: (_x, _y, { a }, { variables }) => pick(variables, a).read(),
  assign: (x, y, { a }, { variables }) => {
    const target = variables.find((v, i) => i >= a % variables.length && sameShape(v.shape, x.shape));
    target?.assign(ops.add(ops.mul(x, 0.75), ops.mul(y, 0.25)));
    return null;
  },
  assignPlain: (x, _y, { a }, { variables }) => {
    variables.find((v, i) => i >= a % variables.length && sameShape(v.shape, x.shape))?.assign(x);
    return null;
  },
  swap: (_x, _y, { a, b }, { variables }) => {
    const [p, q] = [pick(variables, a), pick(variables, b)];
    if (!sameShape(p.shape, q.shape)) return null;
    const [before, other] = [p.read(), q.read()];
    p.assign(other);
    q.assign(before);
    return before;
  },
};

function pick<T>(list: readonly T[], at: number): T {
  return list[at % list.length] as T;
}

/** Late values more often than early ones, so that chains grow. */
function recent<T>(list: readonly T[], at: number): T {
  return list[list.length - 1 - (((at * at) >> 5) % list.length)] as T;
}

function swapped(rank: number): number[] {
  return [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2];
}

/** int32 positions computed inside the program. */
function indices(size: number, b: number): Tensor {
  return ops.mod(ops.mul(ops.iota(3), b % 4), size);
}

/** Runs a program on these values: at once, or while it is traced. */
export function runRandomProgram(
  { code, outputs }: RandomProgram,
  inputs: readonly Tensor[],
  variables: readonly Variable[],
): Tensor[] {
  const values = [...inputs];
  for (const { op, a, b } of code) {
    const x = recent(values, a);
    // A partner of equal shape: the latest there is, often x itself.
    const partners = values.filter((y) => sameShape(y.shape, x.shape));
    const step: Step = INSTRUCTIONS[op];
    const result = step(x, pick(partners, b), { a, b }, { values, variables });
    if (result !== null && isFloat(result.dtype as DType) && result.size <= 400) values.push(result);
  }
  return outputs.map((back) => values[values.length - 1 - (back % values.length)] as Tensor);
}

const NAMES = Object.keys(INSTRUCTIONS) as Name[];

export function arbitraryProgram(length: number): fc.Arbitrary<RandomProgram> {
  const instruction = fc.record({ op: fc.constantFrom(...NAMES), a: fc.nat(40), b: fc.nat(40) });
  return fc.record({
    code: fc.array(instruction, { minLength: 1, maxLength: length, size: "max" }),
    outputs: fc.array(fc.nat(12), { maxLength: 4 }),
  });
}

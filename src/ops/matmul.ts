import type { Promote } from "../core/dtype.ts";
import { type DType, promote } from "../core/dtype.ts";
import { ShapeError } from "../core/errors.ts";
import { broadcastShapes, sameShape, shapeText } from "../core/shape.ts";
import type { Check, Out, Shape, SizeText, Text } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import { nodeOfOp } from "../graph/node.ts";
import type { Op, Spec } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { index, load, range, s } from "../ir/expr.ts";
import { type Broadcast, broadcastTo } from "./broadcast.ts";
import { castTo } from "./cast.ts";
import { coordinates } from "./element.ts";
import { reshape } from "./reshape.ts";
import { type Summed, summable } from "./sum.ts";
import { transposeOp } from "./transpose.ts";

type MatMulAttrs = { readonly transposeA: boolean; readonly transposeB: boolean };

/**
 * C[..., i, j] = bias[j] + sum over p of A[..., i, p] B[..., p, j], where a transposed operand is stored [..., p, i]
 * or [..., j, p]. With dC: dA = dC B', dB = A' dC, dbias = the sum of dC's rows.
 */
export const matmulOp: Op<MatMulAttrs> = {
  name: "matmul",
  kind: "reduce",
  infer: (inputs, attrs) => [inferMatMul(inputs, attrs)],
  scalar: (inputs, { transposeA, transposeB }) => {
    const [a, b, bias] = inputs;
    const rank = a.shape.length;
    const batch = coordinates(rank - 2);
    const [i, j, p] = [index(rank - 2), index(rank - 1), range(0)];
    return {
      body: s.mul(
        load(0, a.dtype, transposeA ? [...batch, p, i] : [...batch, i, p]),
        load(1, b.dtype, transposeB ? [...batch, j, p] : [...batch, p, j]),
      ),
      ranges: [a.shape[transposeA ? rank - 2 : rank - 1]],
      combine: "sum",
      ...(bias === undefined ? {} : { initial: load(2, bias.dtype, [j]) }),
    };
  },
  grad: ([dy], { inputs: [a, b, bias], attrs: { transposeA, transposeB } }, o) => {
    const da = transposeA
      ? o.matmul(b, dy, { transposeA: transposeB, transposeB: true })
      : o.matmul(dy, b, { transposeB: !transposeB });
    const db = transposeB
      ? o.matmul(dy, a, { transposeA: true, transposeB: transposeA })
      : o.matmul(a, dy, { transposeA: !transposeA });
    if (bias === undefined) return [da, db];
    return [da, db, o.sum(dy, { axis: dy.shape.slice(1).map((_, axis) => axis) })];
  },
  // A transposed operand is read as it is stored, without a copy.
  simplify: ([a, b, ...bias], { transposeA, transposeB }) => {
    const [x, y] = [storedOf(a), storedOf(b)];
    if (x === null && y === null) return null;
    const attrs = { transposeA: transposeA !== (x !== null), transposeB: transposeB !== (y !== null) };
    return { op: matmulOp, inputs: [x ?? a, y ?? b, ...bias], attrs };
  },
};

/** What x is the transpose of (its last two axes swapped), or null. */
function storedOf(x: Tensor): Tensor | null {
  const node = nodeOfOp(x, transposeOp);
  const [m, n] = [x.rank - 2, x.rank - 1];
  return node?.attrs.perm.every((k, axis) => k === (axis === m ? n : axis === n ? m : axis)) === true
    ? node.inputs[0]
    : null;
}

function inferMatMul([a, b, bias]: readonly Spec[], { transposeA, transposeB }: MatMulAttrs): Spec {
  const rank = a.shape.length;
  const batch = a.shape.slice(0, -2);
  const [m, k] = [a.shape[transposeA ? rank - 1 : rank - 2], a.shape[transposeA ? rank - 2 : rank - 1]];
  const [k2, n] = [b.shape[transposeB ? rank - 1 : rank - 2], b.shape[transposeB ? rank - 2 : rank - 1]];
  if (rank < 2 || b.shape.length !== rank || !sameShape(batch, b.shape.slice(0, -2)) || k !== k2) {
    throw new ShapeError(
      `matmul: ${shapeText(a.shape)} and ${shapeText(b.shape)} are not two stacks of matrices that multiply.`,
    );
  }
  if (bias !== undefined && !sameShape(bias.shape, [n])) {
    throw new ShapeError(`matmul: expected a bias of shape (${n},), one value a column, got ${shapeText(bias.shape)}.`);
  }
  return { shape: [...batch, m, n], dtype: a.dtype };
}

export interface MatMulOptions<TA extends boolean = boolean, TB extends boolean = boolean> {
  /** a is stored with its last two axes swapped. */
  readonly transposeA?: TA;
  /** b is stored with its last two axes swapped. */
  readonly transposeB?: TB;
  /** A vector that is added to every row, as the products' initial value. */
  readonly bias?: Tensor;
}

/**
 * The matrix product over the last axis of a and the last but one of b. As in NumPy, axes before the last two
 * broadcast, and a vector a is a row, a vector b a column, whose axis the result leaves out.
 */
export function matmul<
  A extends Tensor,
  B extends Tensor,
  const TA extends boolean = false,
  const TB extends boolean = false,
>(
  a: A,
  b: B & Check<MatMul<Swapped<S_<A>, TA>, Swapped<S_<B>, TB>>>,
  options: MatMulOptions<TA, TB> = {},
): Tensor<Out<MatMul<Swapped<S_<A>, TA>, Swapped<S_<B>, TB>>>, Summed<Promote<D_<A>, D_<B>>>> {
  return product(a, b, options);
}

function product(a: Tensor, b: Tensor, options: MatMulOptions): Tensor {
  assertInner(a.shape, b.shape, options);
  const dtype = summedDType(a, b, options.bias);
  const transposeA = options.transposeA === true && a.rank > 1;
  const transposeB = options.transposeB === true && b.rank > 1;
  const x = cast(a.rank === 1 ? reshape(a, [1, a.shape[0]]) : a, dtype);
  const y = cast(b.rank === 1 ? reshape(b, [b.shape[0], 1]) : b, dtype);
  const bias = options.bias === undefined ? [] : [cast(biasOf(options.bias, b), dtype)];
  const rows = a.rank === 1 ? [] : [x.shape[transposeA ? x.rank - 1 : x.rank - 2]];
  const columns = b.rank === 1 ? [] : [y.shape[transposeB ? y.rank - 2 : y.rank - 1]];
  // [..., m, k] times one matrix is one product of all the rows.
  if (y.rank === 2 && !transposeA) {
    const flat = reshape(x, [x.shape.slice(0, -1).reduce((m, n) => m * n, 1), x.shape[x.rank - 1]]);
    const c = apply(matmulOp, [flat, y, ...bias], { transposeA, transposeB });
    return reshape(c, [...x.shape.slice(0, -2), ...rows, ...columns]);
  }
  const batch = broadcastShapes(
    x.shape.slice(0, -2),
    y.shape.slice(0, -2),
    `matmul of ${shapeText(a.shape)} and ${shapeText(b.shape)}`,
  );
  const stacks = [x, y].map((t) => broadcastTo(t, [...batch, ...t.shape.slice(-2)]));
  const c = apply(matmulOp, [...stacks, ...bias], { transposeA, transposeB });
  return reshape(c, [...batch, ...rows, ...columns]);
}

function summedDType(a: Tensor, b: Tensor, bias: Tensor | undefined): DType {
  const dtype = promote(summable(a, "matmul").dtype, summable(b, "matmul").dtype, "matmul");
  return bias === undefined ? dtype : promote(dtype, bias.dtype, "matmul");
}

function cast(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : castTo(x, dtype);
}

/** The bias of a product with a vector b, which has one column, is a scalar. */
function biasOf(bias: Tensor, b: Tensor): Tensor {
  return b.rank === 1 && bias.rank === 0 ? reshape(bias, [1]) : bias;
}

function assertInner(a: Shape, b: Shape, { transposeA, transposeB }: MatMulOptions): void {
  const given = `matmul: ${shapeText(a)}${transposeA === true ? " transposed" : ""} x ${shapeText(b)}${transposeB === true ? " transposed" : ""}`;
  if (a.length === 0 || b.length === 0) {
    throw new ShapeError(`${given}: a scalar has no axis to multiply over. Use mul, or x.reshape([1, 1]).`);
  }
  const k = a[a.length - (transposeA === true && a.length > 1 ? 2 : 1)];
  const k2 = b[b.length - (transposeB === true || b.length === 1 ? 1 : 2)];
  if (k === k2) return;
  const hint =
    b.length === 1 && k === 1
      ? `A (${k2},) vector is not a (1, ${k2}) row: use x.reshape([1, ${k2}]).`
      : b.length > 1 && b[b.length - (transposeB === true ? 2 : 1)] === k
        ? `b fits ${transposeB === true ? "without" : "with"} transposeB.`
        : "The last axis of a and the last but one of b must be equal.";
  throw new ShapeError(`${given}: inner sizes differ, ${k} and ${k2}. ${hint}`);
}

/** The stored shape as the product sees it; a vector has nothing to swap. */
export type Swapped<S extends Shape, T extends boolean> = boolean extends T
  ? Shape
  : T extends true
    ? S extends readonly [...infer R extends Shape, infer M extends number, infer N extends number]
      ? [...R, N, M]
      : S
    : S;

/** The shape of A times B. */
export type MatMul<A extends Shape, B extends Shape> = A extends unknown
  ? B extends unknown
    ? number extends A["length"] | B["length"]
      ? Shape
      : A extends readonly []
        ? ScalarOperand
        : B extends readonly []
          ? ScalarOperand
          : [SizeOfInner<A, -1> & SizeOfInner<B, B extends readonly [number] ? -1 : -2>] extends [never]
            ? `matmul: inner sizes differ, ${SizeText<SizeOfInner<A, -1>>} and ${SizeText<SizeOfInner<B, B extends readonly [number] ? -1 : -2>>}: ${Text<A>} x ${Text<B>}`
            : Joined<A, B>
    : never
  : never;
type ScalarOperand = "matmul: a scalar has no axis to multiply over";

type SizeOfInner<S extends Shape, X extends -1 | -2> = X extends -1
  ? S extends readonly [...unknown[], infer N extends number]
    ? N
    : never
  : S extends readonly [...unknown[], infer N extends number, number]
    ? N
    : never;

type Joined<A extends Shape, B extends Shape> =
  Broadcast<BatchOf<A>, BatchOf<B>> extends infer R
    ? R extends Shape
      ? [...R, ...RowsOf<A>, ...ColumnsOf<B>]
      : `matmul: ${R & string}`
    : never;
type BatchOf<S extends Shape> = S extends readonly [...infer R extends Shape, number, number] ? R : [];
type RowsOf<A extends Shape> = A extends readonly [...unknown[], infer M extends number, number] ? [M] : [];
type ColumnsOf<B extends Shape> = B extends readonly [...unknown[], number, infer N extends number] ? [N] : [];

import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Trace, withTrace } from "../graph/trace.ts";
import { matmul, tensor, zeros } from "./index.ts";
import { matmulOp } from "./matmul.ts";

installReferenceEngine();

/** The definition, by three loops. */
function product(a: number[][], b: number[][], bias: number[] = b[0].map(() => 0)): number[][] {
  return a.map((row) => b[0].map((_, j) => row.reduce((total, x, p) => total + x * b[p][j], bias[j])));
}

const A = [[1, 2, 3], [4, 5, 6]]; // biome-ignore format: rows
const B = [[1, 0, 2, -1], [3, 1, 0, 2], [-2, 4, 1, 1]]; // biome-ignore format: rows
const transposed = (m: number[][]) => m[0].map((_, j) => m.map((row) => row[j]));
const run = (...args: Parameters<typeof matmul<Tensor, Tensor, boolean, boolean>>) => matmul(...args).arraySync();

describe("matmul", () => {
  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])("multiplies matrices, transposeA %j, transposeB %j", (transposeA, transposeB) => {
    const a = tensor(transposeA ? transposed(A) : A);
    const b = tensor(transposeB ? transposed(B) : B);
    expect(run(a, b, { transposeA, transposeB })).toEqual(product(A, B));
    const bias = tensor([10, 20, 30, 40]);
    expect(run(a, b, { transposeA, transposeB, bias })).toEqual(product(A, B, [10, 20, 30, 40]));
  });

  it("takes vectors as a row and a column, as NumPy does", () => {
    expect(run(tensor([1, 2, 3]), tensor([4, 5, 6]))).toBe(32);
    expect(run(tensor(A), tensor([1, 2, 3]))).toEqual([14, 32]);
    expect(run(tensor([1, 2]), tensor(A))).toEqual([9, 12, 15]);
    expect(run(tensor([1, 2, 3]), tensor(A), { transposeA: true, transposeB: true })).toEqual([14, 32]);
    expect(run(tensor(A), tensor([1, 2, 3]), { bias: tensor(100) })).toEqual([114, 132]);
  });

  it("broadcasts the axes before the last two", () => {
    const stacks = tensor([A, transposed(product(transposed(A), A)).slice(0, 2)]);
    const [first, second] = stacks.arraySync() as number[][][];
    expect(run(stacks, tensor(B))).toEqual([product(first, B), product(second, B)]);
    expect(run(tensor(A), tensor([B, B]))).toEqual([product(A, B), product(A, B)]);
    expect(run(stacks, tensor(A), { transposeA: true })).toEqual([
      product(transposed(first), A),
      product(transposed(second), A),
    ]);
    expect(matmul(zeros([5, 1, 2, 3]), zeros([4, 3, 6])).shape).toEqual([5, 4, 2, 6]);
    expect(matmul(zeros([7, 3]), zeros([4, 3, 6])).shape).toEqual([4, 7, 6]);
    expect(matmul(zeros([3]), zeros([4, 3, 6])).shape).toEqual([4, 6]);
    expect(matmul(zeros([4, 5, 3]), zeros([3])).shape).toEqual([4, 5]);
  });

  it("makes one product of all the rows where b is one matrix", () => {
    const trace = new Trace();
    withTrace(trace, () => matmul(zeros([5, 2, 3]), zeros([3, 4])));
    const [node] = trace.finish([]).nodes.filter(({ op }) => op === matmulOp);
    expect(node.inputs.map((x) => x.shape)).toEqual([[10, 3], [3, 4]]); // biome-ignore format: shapes
  });

  it("takes ints and mixed dtypes, and empty sums", () => {
    const ints = matmul(tensor(Uint8Array.of(200, 100)), tensor(Uint8Array.of(2, 3)));
    expect([ints.arraySync(), ints.dtype]).toEqual([700, "int32"]);
    expect(matmul(tensor([1], { dtype: "int32" }), tensor([0.5], { dtype: "float64" })).dtype).toBe("float64");
    expect(run(zeros([2, 0]), zeros([0, 2]), { bias: tensor([1, 2]) })).toEqual([[1, 2], [1, 2]]); // biome-ignore format: rows
  });

  it("refuses what does not multiply, and says what would", () => {
    const [a, b]: Tensor[] = [tensor(A), tensor(B)];
    expect(() => matmul(a, a)).toThrow("matmul: (2, 3) x (2, 3): inner sizes differ, 3 and 2. b fits with transposeB.");
    expect(() => matmul(b, b)).toThrow("matmul: (3, 4) x (3, 4): inner sizes differ, 4 and 3.");
    expect(() => matmul(zeros([5, 1]) as Tensor, zeros([4]) as Tensor)).toThrow(
      "A (4,) vector is not a (1, 4) row: use x.reshape([1, 4]).",
    );
    expect(() => matmul(a, tensor(2) as Tensor)).toThrow("a scalar has no axis to multiply over");
    expect(() => matmul(a, b, { bias: zeros([2]) })).toThrow(
      "matmul: expected a bias of shape (4,), one value a column, got (2,).",
    );
    expect(() => matmul(zeros([2, 2, 3]) as Tensor, zeros([3, 3, 4]))).toThrow(
      "matmul of (2, 2, 3) and (3, 3, 4): shapes (2,) and (3,) do not broadcast",
    );
    expect(() => matmul(a, zeros([3], { dtype: "uint32" }))).toThrow("matmul: expected numbers, got uint32");
  });

  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])("has the gradient of differences, transposeA %j, transposeB %j", (transposeA, transposeB) => {
    const a = sample(transposeA ? [3, 2] : [2, 3]);
    const b = sample(transposeB ? [2, 3] : [3, 2], 1);
    const options = { transposeA, transposeB };
    expectGradients((x, y, bias) => matmul(x, y, { ...options, bias }), [a, b, sample([2], 2)]);
    const stacks = [sample(transposeA ? [2, 1, 3, 2] : [2, 1, 2, 3]), sample(transposeB ? [3, 2, 3] : [3, 3, 2], 1)];
    expectGradients((x, y) => matmul(x, y, options), stacks, 1);
    expectGradients((x, y, bias) => matmul(x, y, { ...options, bias }), [...stacks, sample([2], 2)], 1);
  });

  it("has the gradient of differences for vectors", () => {
    expectGradients((x, y) => matmul(x, y), [sample([3]), sample([3], 1)]);
    expectGradients((x, y) => matmul(x, y), [sample([2, 2, 3]), sample([3], 1)]);
    expectGradients((x, y) => matmul(x, y), [sample([3]), sample([2, 3, 2], 1)]);
  });
});

import fc from "fast-check";
import type { DType } from "../../src/core/dtype.ts";
import { GradwiseError } from "../../src/core/errors.ts";
import type { Graph } from "../../src/graph/node.ts";
import { printGraph } from "../../src/graph/print-graph.ts";
import { hostTensor, type Tensor } from "../../src/graph/tensor.ts";
import { Trace, withTrace } from "../../src/graph/trace.ts";
import { ops } from "../../src/ops/index.ts";

/** A graph with values for its inputs. */
export interface Sample {
  readonly graph: Graph;
  readonly inputs: readonly Tensor[];
}

/** Values where algebra goes wrong: zeros of either sign, ones, NaN, infinities, subnormals, rounding. */
const VALUES = [0, -0, 1, -1, 2, -3, 0.1, 1 / 3, 1e-40, 3e38, Number.NaN, Number.POSITIVE_INFINITY, -5.5];
const DTYPES: readonly DType[] = ["bool", "uint8", "int32", "float32", "float64"];

/** Small matrices, and such as fill vector lanes and leave a rest. */
const SIZES = [[2, 3], [2, 3], [4, 9], [3, 16]] as const; // biome-ignore format: a list

type Build = (x: Tensor, y: Tensor, z: Tensor, n: number, shapes: readonly number[][]) => Tensor;

/** Shapes that broadcast with each other, of rows and columns of one size. */
function shapesOf([m, n]: readonly [number, number]): number[][] {
  return [[], [n], [m, n], [n, m], [1, n], [m, 1], [m, 1, n], [2, m, n]]; // biome-ignore format: a list
}

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

/** What a random step may do; one that does not fit its operands is left out. */
const STEPS: readonly Build[] = [
  (x) => ops.neg(x),
  (x) => ops.abs(x),
  (x) => ops.sqrt(x),
  (x) => ops.tanh(x),
  (x) => ops.exp(x),
  (x) => ops.relu(x),
  (x) => ops.square(x),
  (x) => ops.floor(x),
  (x) => ops.stopGradient(x),
  (x) => ops.logicalNot(x),
  (x, y) => ops.add(x, y),
  (x, y) => ops.sub(x, y),
  (x, y) => ops.mul(x, y),
  (x, y) => ops.div(x, y),
  (x, y) => ops.maximum(x, y),
  (x, y) => ops.minimum(x, y),
  (x, y) => ops.less(x, y),
  (x, y) => ops.equal(x, y),
  (x, y, z) => ops.where(x, y, z),
  (x, y, z) => ops.where(ops.less(x, y), z, x),
  (x, _y, _z, n) => ops.add(x, pick(VALUES, n)),
  (x, _y, _z, n) => ops.sub(x, pick(VALUES, n)),
  (x, _y, _z, n) => ops.mul(x, pick(VALUES, n)),
  (x, _y, _z, n) => ops.div(x, pick(VALUES, n)),
  (_x, _y, _z, n, shapes) => ops.full(pick(shapes, n), pick(VALUES, n + 3)),
  (_x, _y, _z, n, shapes) => ops.full(pick(shapes, n), n % 5, { dtype: "int32" }),
  (x, _y, _z, n) => ops.cast(x, pick(DTYPES, n)),
  (x, _y, _z, n) => ops.cast(x, pick(DTYPES, n)),
  (x, _y, _z, n) => ops.reshape(x, pick([[-1], [1, -1], [-1, 1], [3, -1]], n)),
  (x) => ops.transpose(x),
  (x, _y, _z, n) => ops.transpose(x, pick([[1, 0], [0, 2, 1], [2, 0, 1], [0]], n)),
  (x, _y, _z, n, shapes) => ops.broadcastTo(x, pick(shapes, n)),
  (x, y, _z, n) => ops.matmul(x, y, { transposeA: n % 2 === 1, transposeB: n % 3 === 1 }),
  (x, y, _z, n) => ops.matmul(ops.transpose(x), y, { transposeA: n % 2 === 1, transposeB: n % 3 === 1 }),
  (x, y) => ops.matmul(x, ops.transpose(y)),
  (x, _y, _z, n) => ops.sum(x, { axis: (n % 3) - 1 }),
  (x, _y, _z, n) => ops.max(x, { axis: (n % 3) - 1, keepDims: true }),
  (x, y) => ops.concat([x, y]),
  (x) => ops.slice(x, [0, null, 2]),
  (x) => ops.pad(x, [1, 0]),
];

interface Recipe {
  readonly size: readonly [number, number];
  readonly data: readonly number[];
  readonly steps: readonly (readonly [number, number, number, number, number])[];
}

const index = fc.nat({ max: 997 });
const recipe: fc.Arbitrary<Recipe> = fc.record({
  size: fc.constantFrom(...SIZES),
  data: fc.array(index, { minLength: 24, maxLength: 24 }),
  steps: fc.array(fc.tuple(fc.nat({ max: STEPS.length - 1 }), index, index, index, index), {
    minLength: 3,
    maxLength: 18,
  }),
});

/** Random graphs of every kind of node, over inputs of each dtype with awkward values. */
export const randomGraphs: fc.Arbitrary<Sample> = recipe.map(({ size, data, steps }) => {
  const [m, n] = size;
  const shapes = shapesOf(size);
  const value = (i: number): number => pick(VALUES, data[i % data.length] as number);
  const fill = (array: Float32Array | Float64Array): typeof array => array.map((_, i) => value(i + array.length));
  const inputs = [
    hostTensor(fill(new Float32Array(m * n)), [m, n], "float32"),
    hostTensor(fill(new Float32Array(n)), [n], "float32"),
    hostTensor(fill(new Float32Array(m * n)), [n, m], "float32"),
    hostTensor(fill(new Float64Array(m * n)), [m, n], "float64"),
    hostTensor(
      Int32Array.from({ length: n }, (_, i) => (data[i % data.length] as number) - 500),
      [n],
      "int32",
    ),
    hostTensor(
      Uint8Array.from({ length: m * n }, (_, i) => (data[i % data.length] as number) & 1),
      [m, n],
      "bool",
    ),
  ];
  const trace = new Trace();
  const pool = inputs.map((x, i) => trace.input(x, `x${i}`));
  withTrace(trace, () => {
    for (const [step, ...at] of steps) {
      // Mostly what came last, so that chains grow.
      const [x, y, z] = at
        .slice(0, 3)
        .map((n) => pool[n % 3 === 0 ? n % pool.length : pool.length - 1 - (n % Math.min(3, pool.length))] as Tensor);
      try {
        pool.push((STEPS[step] as Build)(x as Tensor, y as Tensor, z as Tensor, at[3] as number, shapes));
      } catch (error) {
        if (!(error instanceof GradwiseError)) throw error;
      }
    }
  });
  const graph = trace.finish(pool.slice(-4));
  return { graph, inputs, [fc.toStringMethod]: () => `${inputs.join("\n")}\n${printGraph(graph)}` };
});

/** Equal to the bit; one NaN is like another. */
export function sameBits(x: Tensor, y: Tensor): boolean {
  const [a, b] = [x.dataSync(), y.dataSync()];
  return x.dtype === y.dtype && a.length === b.length && a.every((value: number, i: number) => Object.is(value, b[i]));
}

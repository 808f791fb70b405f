import { ops } from "../../../src/ops/index.ts";
import type { OpTest, Shaped } from "../test-op.ts";

const sizes = [
  [1, 1, 1], [1, 7, 33], [3, 1, 5], [5, 17, 3], [4, 8, 8], [9, 5, 1], [2, 0, 3], [0, 4, 3], [33, 3, 17], [13, 40, 21],
] as const; // biome-ignore format: a table

const stored = (rows: number, columns: number, transposed: boolean): number[] =>
  transposed ? [columns, rows] : [rows, columns];

function orders([m, k, n]: readonly [number, number, number]): Shaped[] {
  return [[false, false], [true, false], [false, true], [true, true]].map(([transposeA = false, transposeB = false]) => ({
    shapes: [stored(m, k, transposeA), stored(k, n, transposeB), [n]],
    apply: (a, b, bias) => [ops.matmul(a, b, { transposeA, transposeB }), ops.matmul(a, b, { transposeA, transposeB, bias: bias as never })],
    gives: [m, n],
  })); // biome-ignore format: the four orders
}

/** table: products, by public name. */
export const PRODUCTS: Readonly<Record<string, OpTest>> = {
  matmul: {
    dtypes: ["float32", "float64", "int32", "uint8", "bool"],
    looser: [4, "sums of up to 40 products are in another order"],
    gradient: true,
    examples: [
      { given: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], apply: (a, b) => ops.matmul(a, b), want: [[19, 22], [43, 50]] }, // biome-ignore format: a row
      { given: [[[200, 100]], [[2], [1]]], dtype: "uint8", apply: (a, b) => ops.matmul(a, b), want: [[500]], gives: "int32" }, // biome-ignore format: a row
    ],
    shaped: [
      ...sizes.flatMap(orders),
      { shapes: [[5], [5, 3]], apply: (a, b) => ops.matmul(a, b), gives: [3] },
      { shapes: [[3, 5], [5]], apply: (a, b) => ops.matmul(a, b), gives: [3] },
      { shapes: [[5], [5]], apply: (a, b) => ops.matmul(a, b), gives: [] },
      {
        shapes: [
          [2, 3, 5],
          [5, 4],
        ],
        apply: (a, b) => ops.matmul(a, b),
        gives: [2, 3, 4],
      },
      {
        shapes: [
          [2, 1, 3, 5],
          [4, 5, 7],
        ],
        apply: (a, b) => ops.matmul(a, b),
        gives: [2, 4, 3, 7],
      },
      {
        shapes: [
          [6, 5, 3],
          [6, 5, 4],
        ],
        apply: (a, b) => ops.matmul(a, b, { transposeA: true }),
        gives: [6, 3, 4],
      },
      {
        shapes: [
          [7, 5],
          [7, 3],
        ],
        apply: (a, b) => ops.matmul(ops.transpose(a), ops.mul(b, 2)),
        gives: [5, 3],
      },
      {
        shapes: [
          [9, 7],
          [3, 7],
        ],
        apply: (a, b) => ops.relu(ops.matmul(ops.slice(a, [1, 5]), ops.transpose(b))),
        gives: [4, 3],
      },
    ],
  },
};

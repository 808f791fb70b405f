import type { DType } from "../../../src/core/dtype.ts";
import * as ops from "../../../src/ops/index.ts";
import type { OpTest } from "../test-op.ts";

const NUMBERS: readonly DType[] = ["float32", "float64", "int32", "uint8", "bool"];
const UNEVEN = { strides: [2, 1], padding: [[2, 1], [0, 1]] } as const; // biome-ignore format: a table
const ROW = [[[1], [3], [2], [5], [4]]];

/** table: windows that slide over the space axes, by public name. */
export const WINDOWS: Readonly<Record<string, OpTest>> = {
  windowSum: {
    dtypes: NUMBERS,
    looser: [4, "sums of up to 9 values"],
    gradient: true,
    examples: [{ given: [ROW], apply: (x) => ops.windowSum(x, 3), want: [[[6], [10], [11]]] }],
    shaped: [
      { shapes: [[2, 9, 3]], apply: (x) => ops.windowSum(x, 3, { strides: 2, padding: "same" }), gives: [2, 5, 3] },
      { shapes: [[2, 5, 6, 3]], apply: (x) => ops.windowSum(ops.mul(x, 2), [3, 2], UNEVEN), gives: [2, 3, 6, 3] },
      { shapes: [[1, 3, 3, 3, 1]], apply: (x) => ops.windowSum(x, 2), gives: [1, 2, 2, 2, 1] },
      { shapes: [[0, 4, 1]], apply: (x) => ops.windowSum(x, 2), gives: [0, 3, 1] },
    ],
  },
  windowArgMax: {
    dtypes: NUMBERS,
    gradient: "a position",
    examples: [{ given: [ROW], apply: (x) => ops.windowArgMax(x, 3), want: [[[1], [2], [1]]], gives: "int32" }],
    shaped: [
      { shapes: [[2, 9, 3]], apply: (x) => ops.windowArgMax(x, 3, { strides: 2, padding: "same" }), gives: [2, 5, 3] },
      { shapes: [[2, 5, 6, 3]], apply: (x) => ops.windowArgMax(x, [3, 2], UNEVEN), gives: [2, 3, 6, 3] },
      { shapes: [[2, 5, 6, 11]], apply: (x) => ops.windowArgMax(x, 2), gives: [2, 4, 5, 11] },
    ],
  },
  maxPool: {
    dtypes: NUMBERS,
    gradient: true,
    examples: [
      { given: [ROW], apply: (x) => ops.maxPool(x, 2, { padding: "same" }), want: [[[3], [5], [4]]] },
      { given: [[[[Number.NaN], [1]]]], apply: (x) => ops.maxPool(x, 2), want: [[[Number.NaN]]] },
    ],
    shaped: [
      { shapes: [[2, 9, 3]], apply: (x) => ops.maxPool(x, 3, { strides: 2, padding: "same" }), gives: [2, 5, 3] },
      { shapes: [[2, 5, 6, 3]], apply: (x) => ops.maxPool(ops.mul(x, 2), [3, 2], UNEVEN), gives: [2, 3, 6, 3] },
      { shapes: [[3, 4, 4, 2]], apply: (x) => ops.maxPool(ops.reverse(x), 2), gives: [3, 2, 2, 2] },
      { shapes: [[2, 5, 7, 9]], apply: (x) => ops.maxPool(x, 2), gives: [2, 2, 3, 9] },
      {
        shapes: [[2, 5, 7, 6]],
        apply: (x) => ops.maxPool(x, [1, 2], { strides: [2, 3], padding: "same" }),
        gives: [2, 3, 3, 6],
      },
      { shapes: [[2, 5, 5, 3]], apply: (x) => ops.maxPool(ops.relu(x), 2), gives: [2, 2, 2, 3], smooth: false },
      {
        shapes: [
          [1, 7, 6, 2],
          [2, 2, 2, 5],
        ],
        apply: (x, w) =>
          ops.maxPool(
            ops.conv(x, w, {
              padding: [
                [1, 0],
                [0, 2],
              ],
            }),
            [3, 2],
          ),
        gives: [1, 2, 3, 5],
      },
    ],
  },
  avgPool: {
    dtypes: NUMBERS,
    looser: [4, "sums of up to 9 values"],
    gradient: true,
    examples: [
      { given: [ROW], apply: (x) => ops.avgPool(x, 2, { padding: "same" }), want: [[[2], [3.5], [4]]] },
      { given: [ROW], dtype: "uint8", apply: (x) => ops.avgPool(x, 2), want: [[[2], [3.5]]] },
    ],
    shaped: [
      { shapes: [[2, 9, 3]], apply: (x) => ops.avgPool(x, 3, { strides: 2, padding: "same" }), gives: [2, 5, 3] },
      { shapes: [[2, 5, 6, 3]], apply: (x) => ops.avgPool(x, [3, 2], UNEVEN), gives: [2, 3, 6, 3] },
    ],
  },
};

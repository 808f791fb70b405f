import type { DType } from "../../../src/core/dtype.ts";
import * as ops from "../../../src/ops/index.ts";
import type { OpTest } from "../test-op.ts";

const NUMBERS: readonly DType[] = ["float32", "float64", "int32", "uint8", "bool"];

const ALL_AT_ONCE = {
  strides: [2, 1],
  dilation: [1, 2],
  groups: 2,
  padding: [[1, 2], [0, 1]],
} as const; // biome-ignore format: a table

/** table: convolutions and their gradients, by public name. */
export const CONVOLUTIONS: Readonly<Record<string, OpTest>> = {
  conv: {
    dtypes: NUMBERS,
    looser: [4, "sums of up to 192 products are in another order"],
    gradient: true,
    examples: [
      { given: [[[[1], [2], [3]]], [[[1]], [[10]]]], apply: (x, w) => ops.conv(x, w), want: [[[21], [32]]] }, // biome-ignore format: a row
    ],
    shaped: [
      { shapes: [[2, 9, 3], [3, 3, 5], [5]], apply: (x, w, bias) => [ops.conv(x, w), ops.conv(x, w, { bias, strides: 2, padding: "same" })], gives: [2, 7, 5] },
      { shapes: [[2, 5, 6, 3], [3, 3, 3, 4]], apply: (x, w) => ops.conv(x, w, { padding: "same" }), gives: [2, 5, 6, 4] },
      { shapes: [[1, 7, 5, 1], [3, 2, 1, 3]], apply: (x, w) => ops.relu(ops.conv(x, w, { strides: 2 })), gives: [1, 3, 2, 3], smooth: false },
      { shapes: [[2, 7, 6, 4], [3, 2, 2, 6]], apply: (x, w) => ops.conv(ops.mul(x, 2), w, ALL_AT_ONCE), gives: [2, 4, 5, 6] },
      { shapes: [[1, 4, 4, 3], [2, 2, 1, 3]], apply: (x, w) => ops.conv(x, w, { groups: 3, padding: 1 }), gives: [1, 5, 5, 3] },
      { shapes: [[1, 3, 4, 3, 1], [2, 2, 2, 1, 2]], apply: (x, w) => ops.conv(x, w), gives: [1, 2, 3, 2, 2] },
      { shapes: [[2, 6, 5, 1], [3, 3, 1, 9], [9]], apply: (x, w, bias) => ops.conv(x, w, { bias }), gives: [2, 4, 3, 9] },
      { shapes: [[1, 3, 4, 32], [2, 3, 32, 5]], apply: (x, w) => ops.conv(x, w, { padding: "same" }), gives: [1, 3, 4, 5] },
      { shapes: [[1, 5, 7, 2], [1, 2, 2, 3]], apply: (x, w) => ops.conv(x, w, { strides: 3, dilation: [1, 2] }), gives: [1, 2, 2, 3] },
      { shapes: [[0, 4, 1], [3, 1, 2]], apply: (x, w) => ops.conv(x, w), gives: [0, 2, 2] },
      { shapes: [[2, 4, 0], [3, 0, 2], [2]], apply: (x, w, bias) => ops.conv(x, w, { bias }), gives: [2, 2, 2] },
    ], // biome-ignore format: a table
  },
  convInputGrad: {
    dtypes: NUMBERS,
    looser: [4, "sums of up to 27 products are in another order"],
    gradient: true,
    shaped: [
      { shapes: [[2, 4, 5], [3, 3, 5]], apply: (dy, w) => ops.convInputGrad(dy, w, [9], { strides: 2 }), gives: [2, 9, 3] },
      { shapes: [[1, 5, 6, 4], [3, 3, 3, 4]], apply: (dy, w) => ops.convInputGrad(dy, w, [5, 6], { padding: "same" }), gives: [1, 5, 6, 3] },
      { shapes: [[2, 4, 5, 6], [3, 2, 2, 6]], apply: (dy, w) => ops.convInputGrad(dy, w, [7, 6], ALL_AT_ONCE), gives: [2, 7, 6, 4] },
      { shapes: [[1, 2, 3, 4], [1, 2, 6, 4]], apply: (dy, w) => ops.convInputGrad(dy, w, [5, 9], { strides: [3, 3] }), gives: [1, 5, 9, 6] },
      { shapes: [[1, 1, 2, 2, 3], [2, 2, 1, 2, 3]], apply: (dy, w) => ops.convInputGrad(dy, w, [2, 3, 2]), gives: [1, 2, 3, 2, 2] },
      { shapes: [[0, 2, 2], [3, 1, 2]], apply: (dy, w) => ops.convInputGrad(dy, w, [4]), gives: [0, 4, 1] },
    ], // biome-ignore format: a table
  },
  convKernelGrad: {
    dtypes: NUMBERS,
    looser: [4, "sums of up to 60 products are in another order"],
    gradient: true,
    shaped: [
      { shapes: [[2, 9, 3], [2, 4, 5]], apply: (x, dy) => ops.convKernelGrad(x, dy, [3], { strides: 2 }), gives: [3, 3, 5] },
      { shapes: [[2, 5, 6, 3], [2, 5, 6, 4]], apply: (x, dy) => ops.convKernelGrad(x, dy, [3, 3], { padding: "same" }), gives: [3, 3, 3, 4] },
      { shapes: [[2, 7, 6, 4], [2, 4, 5, 6]], apply: (x, dy) => ops.convKernelGrad(x, dy, [3, 2], ALL_AT_ONCE), gives: [3, 2, 2, 6] },
      { shapes: [[3, 6, 5, 1], [3, 4, 3, 9]], apply: (x, dy) => ops.convKernelGrad(x, dy, [3, 3]), gives: [3, 3, 1, 9] },
      { shapes: [[1, 3, 4, 32], [1, 3, 4, 5]], apply: (x, dy) => ops.convKernelGrad(x, dy, [2, 3], { padding: "same" }), gives: [2, 3, 32, 5] },
      { shapes: [[0, 4, 1], [0, 2, 2]], apply: (x, dy) => ops.convKernelGrad(x, dy, [3]), gives: [3, 1, 2] },
    ], // biome-ignore format: a table
  },
};

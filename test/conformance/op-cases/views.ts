import type { DType } from "../../../src/core/dtype.ts";
import { ops, stack } from "../../../src/ops/index.ts";
import { iota } from "../../../src/ops/iota.ts";
import type { OpTest } from "../test-op.ts";

const ALL: readonly DType[] = ["float32", "float64", "int32", "uint8", "bool", "uint32"];
const GRID = [[1, 2, 3], [4, 5, 6]]; // biome-ignore format: a matrix

/** table: ops that move values, by public name. */
export const VIEWS: Readonly<Record<string, OpTest>> = {
  broadcastTo: {
    dtypes: ALL,
    gradient: true,
    examples: [
      { given: [[1, 2, 3]], apply: (x) => ops.broadcastTo(x, [2, 3]), want: [[1, 2, 3], [1, 2, 3]] }, // biome-ignore format: a row
      { given: [[[1], [2]]], apply: (x) => ops.broadcastTo(x, [2, 2]), want: [[1, 1], [2, 2]] }, // biome-ignore format: a row
    ],
    shaped: [
      { shapes: [[5]], apply: (x) => ops.broadcastTo(x, [3, 5]), gives: [3, 5] },
      { shapes: [[3, 1, 4]], apply: (x) => ops.broadcastTo(x, [2, 3, 7, 4]), gives: [2, 3, 7, 4] },
      { shapes: [[]], apply: (x) => ops.broadcastTo(x, [2, 17]), gives: [2, 17] },
      { shapes: [[1, 3]], apply: (x) => ops.broadcastTo(x, [0, 3]), gives: [0, 3] },
    ],
  },
  concat: {
    dtypes: ALL,
    gradient: true,
    examples: [
      { given: [GRID, [[7], [8]]], apply: (x, y) => ops.concat([x, y], { axis: 1 }), want: [[1, 2, 3, 7], [4, 5, 6, 8]] }, // biome-ignore format: a row
    ],
    shaped: [
      { shapes: [[2, 3], [0, 3], [4, 3]], apply: (...xs) => ops.concat(xs), gives: [6, 3] }, // biome-ignore format: a row
      { shapes: [[2, 5], [2, 1], [2, 17]], apply: (...xs) => ops.concat(xs, { axis: -1 }), gives: [2, 23] }, // biome-ignore format: a row
      { shapes: [[3], [3]], apply: (x, y) => ops.concat([ops.reverse(x), y, x]), gives: [9] },
      // Runs long enough to be copied whole, of bytes too.
      { shapes: [[3, 2, 33], [3, 2, 16]], apply: (x, y) => ops.concat([x, ops.reverse(y), x].map((t) => ops.reshape(t, [3, t.size / 3])), { axis: 1 }), gives: [3, 164] }, // biome-ignore format: a row
      {
        shapes: Array.from({ length: 40 }, () => [2, 2]),
        apply: (...xs) => ops.concat(xs, { axis: 1 }),
        gives: [2, 80],
      },
    ],
  },
  expandDims: {
    dtypes: ALL,
    gradient: true,
    examples: [{ given: [[1, 2]], apply: (x) => ops.expandDims(x, { axis: 1 }), want: [[1], [2]] }],
    shaped: [{ shapes: [[3, 5]], apply: (x) => ops.expandDims(x, { axis: -2 }), gives: [3, 1, 5] }],
  },
  expectShape: {
    dtypes: ALL,
    gradient: true,
    shaped: [{ shapes: [[3, 5]], apply: (x) => ops.reshape(ops.expectShape(x, [null, 5]), [5, 3]), gives: [5, 3] }],
  },
  flatten: {
    dtypes: ALL,
    gradient: true,
    examples: [{ given: [GRID], apply: (x) => ops.flatten(x), want: [1, 2, 3, 4, 5, 6] }],
    shaped: [{ shapes: [[2, 3, 5]], apply: (x) => ops.flatten(x), gives: [30] }],
  },
  gather: {
    dtypes: ALL,
    gradient: true,
    examples: [
      { given: [GRID], apply: (x) => ops.gather(x, ops.mod(iota(3), 2)), want: [[1, 2, 3], [4, 5, 6], [1, 2, 3]] }, // biome-ignore format: a row
      { given: [GRID], apply: (x) => ops.gather(x, ops.mul(iota(2), 2), { axis: 1 }), want: [[1, 3], [4, 6]] }, // biome-ignore format: a row
    ],
    shaped: [
      { shapes: [[7, 3]], apply: (x) => ops.gather(x, ops.mod(ops.mul(iota(11), 3), 7)), gives: [11, 3] },
      {
        shapes: [[2, 7, 3]],
        apply: (x) => ops.gather(x, ops.reshape(ops.mod(iota(6), 7), [2, 3]), { axis: 1 }),
        gives: [2, 2, 3, 3],
      },
      { shapes: [[2, 7]], apply: (x) => ops.gather(x, iota(0), { axis: 1 }), gives: [2, 0] },
    ],
  },
  pad: {
    dtypes: ALL,
    gradient: true,
    examples: [
      { given: [[1, 2]], apply: (x) => ops.pad(x, [1, 2]), want: [0, 1, 2, 0, 0] },
      { given: [[1, 2, 3]], apply: (x) => ops.pad(x, [0, 1], { value: 9, interior: [1] }), want: [1, 9, 2, 9, 3, 9] },
    ],
    shaped: [
      { shapes: [[3, 5]], apply: (x) => ops.pad(x, [[1, 0], [0, 2]]), gives: [4, 7] }, // biome-ignore format: a row
      { shapes: [[2, 3, 4]], apply: (x) => ops.pad(x, [1, 1], { interior: [0, 2, 1], value: 1 }), gives: [4, 9, 9] },
      { shapes: [[0, 2]], apply: (x) => ops.pad(x, [1, 1]), gives: [2, 4] },
      { shapes: [[5]], apply: (x) => ops.pad(ops.pad(ops.reverse(x), [1, 2]), [2, 1]), gives: [11] },
    ],
  },
  reshape: {
    dtypes: ALL,
    gradient: true,
    examples: [{ given: [GRID], apply: (x) => ops.reshape(x, [3, -1]), want: [[1, 2], [3, 4], [5, 6]] }], // biome-ignore format: a row
    shaped: [
      { shapes: [[3, 5]], apply: (x) => ops.reshape(x, [5, 3]), gives: [5, 3] },
      { shapes: [[3, 5]], apply: (x) => ops.transpose(ops.reshape(ops.transpose(x), [3, 5])), gives: [5, 3] },
      { shapes: [[]], apply: (x) => ops.reshape(x, [1, 1]), gives: [1, 1] },
      { shapes: [[0, 3]], apply: (x) => ops.reshape(x, [5, 0]), gives: [5, 0] },
    ],
  },
  reverse: {
    dtypes: ALL,
    gradient: true,
    examples: [{ given: [GRID], apply: (x) => ops.reverse(x, { axis: 1 }), want: [[3, 2, 1], [6, 5, 4]] }], // biome-ignore format: a row
    shaped: [{ shapes: [[2, 3, 17]], apply: (x) => ops.reverse(x, { axis: [0, 2] }), gives: [2, 3, 17] }],
  },
  scatterAdd: {
    dtypes: ["float32", "float64", "int32", "uint8", "bool"],
    looser: [4, "sums of up to 6 values, rounded at each step"],
    gradient: true,
    examples: [
      { given: [GRID], apply: (x) => ops.scatterAdd(x, ops.mul(iota(2), 2), 3), want: [[1, 2, 3], [0, 0, 0], [4, 5, 6]] }, // biome-ignore format: a row
    ],
    shaped: [
      { shapes: [[11, 3]], apply: (x) => ops.scatterAdd(x, ops.mod(ops.mul(iota(11), 3), 7), 7), gives: [7, 3] },
      { shapes: [[2, 2, 3, 5]], apply: (x) => ops.scatterAdd(ops.mul(x, 2), ops.reshape(ops.mod(iota(6), 4), [2, 3]), 4, { axis: 1 }), gives: [2, 4, 5] }, // biome-ignore format: a row
      { shapes: [[2, 7]], apply: (x) => ops.scatterAdd(x, ops.mod(ops.mul(iota(7), 3), 4), 4, { axis: 1 }), gives: [2, 4] }, // biome-ignore format: a row
      { shapes: [[0, 2]], apply: (x) => ops.scatterAdd(x, iota(0), 3), gives: [3, 2] },
    ],
  },
  slice: {
    dtypes: ALL,
    gradient: true,
    examples: [
      { given: [GRID], apply: (x) => ops.slice(x, 1), want: [4, 5, 6] },
      { given: [GRID], apply: (x) => ops.slice(x, null, [null, null, -2]), want: [[3, 1], [6, 4]] }, // biome-ignore format: a row
      { given: [[0, 1, 2, 3, 4, 5, 6, 7]], apply: (x) => ops.slice(x, [-2, 0, -3]), want: [6, 3] },
    ],
    shaped: [
      { shapes: [[7, 9]], apply: (x) => ops.slice(x, [1, 6], [2, 9]), gives: [5, 7] },
      { shapes: [[7, 9]], apply: (x) => ops.slice(x, [5, 1, -2], -1), gives: [2] },
      { shapes: [[3, 4, 5]], apply: (x) => ops.slice(x, "...", [0, 5, 2]), gives: [3, 4, 3] },
      { shapes: [[7, 9]], apply: (x) => ops.slice(x, [3, 3]), gives: [0, 9] },
    ],
  },
  split: {
    dtypes: ALL,
    gradient: true,
    shaped: [
      { shapes: [[6, 5]], apply: (x) => ops.split(x, 3), gives: [2, 5] },
      { shapes: [[4, 7]], apply: (x) => ops.split(x, [1, 0, 6], { axis: 1 }), gives: [4, 1] },
    ],
  },
  squeeze: {
    dtypes: ALL,
    gradient: true,
    examples: [{ given: [[[1], [2]]], apply: (x) => ops.squeeze(x), want: [1, 2] }],
    shaped: [{ shapes: [[1, 3, 1]], apply: (x) => ops.squeeze(x, { axis: 0 }), gives: [3, 1] }],
  },
  stack: {
    dtypes: ALL,
    gradient: true,
    examples: [{ given: [[1, 2], [3, 4]], apply: (x, y) => stack([x, y], { axis: 1 }), want: [[1, 3], [2, 4]] }], // biome-ignore format: a row
    shaped: [{ shapes: [[3, 5], [3, 5]], apply: (x, y) => stack([x, y, x], { axis: -1 }), gives: [3, 5, 3] }], // biome-ignore format: a row
  },
  transpose: {
    dtypes: ALL,
    gradient: true,
    examples: [{ given: [GRID], apply: (x) => ops.transpose(x), want: [[1, 4], [2, 5], [3, 6]] }], // biome-ignore format: a row
    shaped: [
      { shapes: [[7, 9]], apply: (x) => ops.transpose(x), gives: [9, 7] },
      { shapes: [[2, 3, 4, 5]], apply: (x) => ops.transpose(x, [2, 0, 3, 1]), gives: [4, 2, 5, 3] },
      { shapes: [[2, 3, 2, 3, 2]], apply: (x) => ops.transpose(x, [4, 1, 0, 3, 2]), gives: [2, 3, 2, 3, 2] },
      { shapes: [[3, 0]], apply: (x) => ops.transpose(x), gives: [0, 3] },
    ],
  },
};

import { arange, eye, linspace, oneHot, ops } from "../../../src/ops/index.ts";
import type { OpTest } from "../test-op.ts";

const VALUES = "it takes no float to differentiate by";
const KEY = [0, 42];

/** table: ops that make values, by public name. A result is joined to an input where one is needed to run it. */
export const CREATION: Readonly<Record<string, OpTest>> = {
  arange: {
    gradient: VALUES,
    examples: [
      { given: [], apply: () => arange(2, 8, 2), want: [2, 4, 6] },
      { given: [], apply: () => arange(3, 0, -1, { dtype: "int32" }), want: [3, 2, 1], gives: "int32" },
    ],
    shaped: [{ shapes: [[7]], apply: (x) => ops.add(x, arange(7)), gives: [7] }],
  },
  linspace: {
    gradient: VALUES,
    examples: [{ given: [], apply: () => linspace(0, 1, 5), want: [0, 0.25, 0.5, 0.75, 1] }],
    shaped: [{ shapes: [[17]], apply: (x) => ops.mul(x, linspace(-1, 1, 17)), gives: [17] }],
  },
  eye: {
    gradient: VALUES,
    examples: [{ given: [], apply: () => eye(2, 3), want: [[1, 0, 0], [0, 1, 0]] }], // biome-ignore format: a row
    shaped: [{ shapes: [[5, 5]], apply: (x) => ops.mul(x, eye(5)), gives: [5, 5] }],
  },
  full: {
    gradient: VALUES,
    examples: [
      { given: [], apply: () => ops.full([2], -0.5), want: [-0.5, -0.5] },
      { given: [], apply: () => ops.full([3], Number.POSITIVE_INFINITY), want: [Infinity, Infinity, Infinity] },
      { given: [], apply: () => ops.full([3], Number.NaN), want: [Number.NaN, Number.NaN, Number.NaN] },
    ],
    shaped: [
      {
        shapes: [[3]],
        apply: (x) => [ops.full([2, 5], 7), ops.full([0], 1), ops.div(ops.cast(x, "float64"), ops.full([3], -0))],
        gives: [2, 5],
      },
    ],
  },
  zeros: {
    gradient: VALUES,
    shaped: [{ shapes: [[3]], apply: (x) => [ops.zeros([2, 3]), ops.add(x, ops.zeros([2, 3]))], gives: [2, 3] }],
  },
  ones: {
    gradient: VALUES,
    shaped: [{ shapes: [[3]], apply: (x) => [ops.ones([2, 3]), ops.add(x, ops.ones([2, 3]))], gives: [2, 3] }],
  },
  zerosLike: { gradient: VALUES, shaped: [{ shapes: [[3, 5]], apply: (x) => ops.zerosLike(x), gives: [3, 5] }] },
  onesLike: {
    gradient: VALUES,
    shaped: [{ shapes: [[3, 5]], apply: (x) => ops.sub(ops.onesLike(x), x), gives: [3, 5] }],
  },
  iota: {
    gradient: VALUES,
    examples: [{ given: [], apply: () => ops.iota(3), want: [0, 1, 2], gives: "int32" }],
    shaped: [
      {
        shapes: [[9]],
        apply: (x) => [ops.iota(9), ops.iota(0), ops.mul(ops.iota(9, { dtype: "float32" }), x.cast("float32"))],
        gives: [9],
      },
    ],
  },
  oneHot: {
    gradient: VALUES,
    domain: [0, 4],
    examples: [{ given: [[1, 0]], dtype: "int32", apply: (x) => oneHot(x as never, 2), want: [[0, 1], [1, 0]] }], // biome-ignore format: a row
    shaped: [{ shapes: [[2, 3]], apply: (x) => oneHot(ops.cast(x, "int32"), 5), gives: [2, 3, 5] }],
  },
  tensor: {
    gradient: VALUES,
    examples: [{ given: [], apply: () => ops.tensor([[1, 2]]), want: [[1, 2]] }], // biome-ignore format: a row
    shaped: [{ shapes: [[2]], apply: (x) => ops.mul(x, ops.tensor([[1], [2]])), gives: [2, 2] }],
  },
  randomBits: {
    gradient: VALUES,
    dtypes: ["uint32"],
    shaped: [
      {
        shapes: [[2]],
        apply: (key) => [ops.randomBits(key, [3, 7]), ops.randomBits(key, []), ops.randomBits(key, [0])],
        gives: [3, 7],
      },
    ],
    examples: [{ given: [KEY], dtype: "uint32", apply: (key) => ops.randomBits(key, [0]), want: [], gives: "uint32" }],
  },
  foldKey: {
    gradient: VALUES,
    dtypes: ["uint32"],
    shaped: [{ shapes: [[2]], apply: (key) => [ops.foldKey(key, 3), ops.foldKey(ops.foldKey(key, 3), 4)], gives: [2] }],
  },
};

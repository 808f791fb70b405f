import type { DType } from "../../../src/core/dtype.ts";
import type { Tensor } from "../../../src/graph/tensor.ts";
import { ops } from "../../../src/ops/index.ts";
import type { OpTest, Shaped } from "../test-op.ts";

const FLOATS: readonly DType[] = ["float32", "float64"];
const MOST: readonly DType[] = [...FLOATS, "int32", "uint8", "bool"];
const GRID = [[1, 5, 3], [4, 2, 6]]; // biome-ignore format: a matrix
const NAN = Number.NaN;

type Options = { readonly axis?: number | readonly number[]; readonly keepDims?: boolean };
type Reduction = (x: Tensor, options?: Options) => Tensor;

/** Every place that a run of axes may have, every tail, and views and maths fused in. */
function everywhere(reduce: Reduction, options: { readonly nothing?: boolean } = {}): Shaped[] {
  const lengths = [1, 2, 3, 5, 7, 17, 33].map(
    (n): Shaped => ({ shapes: [[2, n]], apply: (x) => reduce(x, { axis: 1 }), gives: [2] }),
  );
  const nothing: Shaped = { shapes: [[3, 0]], apply: (x) => reduce(x, { axis: 1 }), gives: [3] };
  return [
    ...lengths,
    ...(options.nothing === true ? [nothing] : []),
    { shapes: [[17, 3]], apply: (x) => reduce(x, { axis: 0 }), gives: [3] },
    { shapes: [[17, 5]], apply: (x) => reduce(x), gives: [] },
    { shapes: [[3, 5, 7]], apply: (x) => reduce(x, { axis: 1, keepDims: true }), gives: [3, 1, 7] },
    { shapes: [[0, 5]], apply: (x) => reduce(x, { axis: 1 }), gives: [0] },
    { shapes: [[7, 5]], apply: (x) => reduce(ops.transpose(x), { axis: 1 }), gives: [5] },
    { shapes: [[7, 9]], apply: (x) => reduce(ops.slice(x, [1, 6], [null, null, 2])), gives: [] },
    { shapes: [[5]], apply: (x) => reduce(ops.broadcastTo(x, [9, 5]), { axis: 1 }), gives: [9] },
  ];
}

const several = (reduce: Reduction): Shaped[] => [
  { shapes: [[3, 5, 7, 2]], apply: (x) => reduce(x, { axis: [0, 2] }), gives: [5, 2] },
  { shapes: [[3, 5, 7]], apply: (x) => reduce(x, { axis: [-1, -2], keepDims: true }), gives: [3, 1, 1] },
  { shapes: [[3, 5]], apply: (x) => reduce(x, { axis: [] }), gives: [3, 5] },
];

const fused = (reduce: Reduction): Shaped => ({
  shapes: [[9, 5]],
  apply: (x) => reduce(ops.tanh(ops.sub(x, ops.mean(x, { axis: 0 }))), { axis: 1 }),
  gives: [9],
});

const position = (reduce: (x: Tensor, options?: { axis?: number; keepDims?: boolean }) => Tensor): Shaped[] =>
  everywhere((x, options) => reduce(x, options as { axis?: number; keepDims?: boolean }));

const INT = "its output is an int32: nothing flows";
const BOOL = "its output is bool";

/** table: ops that join axes, by public name. */
export const REDUCTIONS: Readonly<Record<string, OpTest>> = {
  sum: {
    dtypes: MOST,
    gradient: true,
    examples: [
      { given: [GRID], apply: (x) => ops.sum(x, { axis: 0 }), want: [5, 7, 9] },
      { given: [[true, true, false]], dtype: "bool", apply: (x) => ops.sum(x), want: 2, gives: "int32" },
      { given: [[200, 100]], dtype: "uint8", apply: (x) => ops.sum(x), want: 300, gives: "int32" },
    ],
    shaped: [
      ...everywhere((x, o) => ops.sum(x, o), { nothing: true }),
      ...several((x, o) => ops.sum(x, o)),
      fused((x, o) => ops.sum(x, o)),
    ],
  },
  mean: {
    dtypes: MOST,
    gradient: true,
    examples: [{ given: [GRID], apply: (x) => ops.mean(x, { axis: 1 }), want: [3, 4] }],
    shaped: [
      ...everywhere((x, o) => ops.mean(x, o)),
      ...several((x, o) => ops.mean(x, o)),
      fused((x, o) => ops.mean(x, o)),
    ],
  },
  prod: {
    dtypes: MOST,
    gradient: true,
    domain: [0.4, 1.6],
    examples: [{ given: [GRID], apply: (x) => ops.prod(x, { axis: 1 }), want: [15, 48] }],
    shaped: [...everywhere((x, o) => ops.prod(x, o), { nothing: true }), ...several((x, o) => ops.prod(x, o))],
  },
  max: {
    dtypes: MOST,
    gradient: true,
    examples: [
      { given: [GRID], apply: (x) => ops.max(x, { axis: 0 }), want: [4, 5, 6] },
      { given: [[1, NAN, 3]], apply: (x) => ops.max(x), want: NAN },
      { given: [[false, true]], dtype: "bool", apply: (x) => ops.max(x), want: true, gives: "bool" },
    ],
    shaped: [
      ...everywhere((x, o) => ops.max(x, o)),
      ...several((x, o) => ops.max(x, o)),
      fused((x, o) => ops.max(x, o)),
    ],
  },
  min: {
    dtypes: MOST,
    gradient: true,
    examples: [
      { given: [GRID], apply: (x) => ops.min(x, { axis: 1 }), want: [1, 2] },
      { given: [[1, NAN, 3]], apply: (x) => ops.min(x), want: NAN },
      { given: [[-5, 3, -(2 ** 31)]], dtype: "int32", apply: (x) => ops.min(x), want: -(2 ** 31), gives: "int32" },
    ],
    shaped: [
      ...everywhere((x, o) => ops.min(x, o)),
      ...several((x, o) => ops.min(x, o)),
      fused((x, o) => ops.min(x, o)),
    ],
  },
  argMax: {
    dtypes: MOST,
    gradient: INT,
    examples: [
      { given: [GRID], apply: (x) => ops.argMax(x, { axis: 1 }), want: [1, 2], gives: "int32" },
      { given: [GRID], apply: (x) => ops.argMax(x), want: 5, gives: "int32" },
      { given: [[2, NAN, 9, NAN]], apply: (x) => ops.argMax(x), want: 1, gives: "int32" },
      { given: [[7, 9, 9]], dtype: "uint8", apply: (x) => ops.argMax(x), want: 1, gives: "int32" },
      { given: [[2, NAN, 9]], dtype: "float64", apply: (x) => ops.argMax(x), want: 1, gives: "int32" },
    ],
    shaped: position((x, o) => ops.argMax(x, o)),
  },
  argMin: {
    dtypes: MOST,
    gradient: INT,
    examples: [
      { given: [GRID], apply: (x) => ops.argMin(x, { axis: 1 }), want: [0, 1], gives: "int32" },
      { given: [[2, NAN, -9]], apply: (x) => ops.argMin(x), want: 1, gives: "int32" },
      { given: [[2 ** 31 - 1, -(2 ** 31), 0]], dtype: "int32", apply: (x) => ops.argMin(x), want: 1, gives: "int32" },
      { given: [[0, 255, 0]], dtype: "uint8", apply: (x) => ops.argMin(x), want: 0, gives: "int32" },
    ],
    shaped: position((x, o) => ops.argMin(x, o)),
  },
  all: {
    dtypes: MOST,
    gradient: BOOL,
    examples: [{ given: [[[1, 0], [2, 3]]], apply: (x) => ops.all(x, { axis: 1 }), want: [false, true], gives: "bool" }], // biome-ignore format: a row
    shaped: [...everywhere((x, o) => ops.all(x, o), { nothing: true }), ...several((x, o) => ops.all(x, o))],
  },
  any: {
    dtypes: MOST,
    gradient: BOOL,
    examples: [{ given: [[[1, 0], [0, 0]]], apply: (x) => ops.any(x, { axis: 1 }), want: [true, false], gives: "bool" }], // biome-ignore format: a row
    shaped: [...everywhere((x, o) => ops.any(x, o), { nothing: true }), ...several((x, o) => ops.any(x, o))],
  },
  variance: {
    dtypes: MOST,
    gradient: true,
    examples: [{ given: [[1, 3, 5, 7]], apply: (x) => ops.variance(x), want: 5 }],
    shaped: [...everywhere((x, o) => ops.variance(x, o)), ...several((x, o) => ops.variance(x, o))],
  },
  std: {
    gradient: true,
    examples: [{ given: [[1, 3]], apply: (x) => ops.std(x, { ddof: 1 }), want: Math.SQRT2 }],
    shaped: [
      { shapes: [[3, 17]], apply: (x) => ops.std(x, { axis: 1 }), gives: [3] },
      { shapes: [[17, 3]], apply: (x) => ops.std(x, { axis: 0, keepDims: true }), gives: [1, 3] },
    ],
  },
  logSumExp: {
    dtypes: [...FLOATS, "int32"],
    gradient: true,
    examples: [{ given: [[1000, 1000]], apply: (x) => ops.logSumExp(x), want: 1000 + Math.LN2 }],
    shaped: [...everywhere((x, o) => ops.logSumExp(x, o)), ...several((x, o) => ops.logSumExp(x, o)).slice(0, 2)],
  },
  softmax: {
    gradient: true,
    examples: [{ given: [[[1000, 1000], [0, Math.log(3)]]], apply: (x) => ops.softmax(x), want: [[0.5, 0.5], [0.25, 0.75]] }], // biome-ignore format: a row
    shaped: [
      ...[1, 2, 5, 10, 17, 33].map((n): Shaped => ({ shapes: [[3, n]], apply: (x) => ops.softmax(x), gives: [3, n] })),
      { shapes: [[5, 7, 3]], apply: (x) => ops.softmax(x, { axis: 1 }), gives: [5, 7, 3] },
      { shapes: [[0, 3]], apply: (x) => ops.softmax(x), gives: [0, 3] },
    ],
  },
  logSoftmax: {
    gradient: true,
    examples: [{ given: [[1000, 1000]], apply: (x) => ops.logSoftmax(x), want: [-Math.LN2, -Math.LN2] }],
    shaped: [
      ...[1, 2, 5, 10, 17, 33].map(
        (n): Shaped => ({ shapes: [[3, n]], apply: (x) => ops.logSoftmax(x), gives: [3, n] }),
      ),
      { shapes: [[5, 7, 3]], apply: (x) => ops.logSoftmax(x, { axis: 0 }), gives: [5, 7, 3] },
    ],
  },
};

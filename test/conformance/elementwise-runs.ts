import type { DType } from "../../src/core/dtype.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { ops } from "../../src/ops/index.ts";
import { tensor } from "../../src/ops/tensor.ts";
import type { Apply, Runs } from "./test-op.ts";
import { waves } from "./waves.ts";

const { NEGATIVE_INFINITY, NaN: NAN, POSITIVE_INFINITY } = Number;
const FLOATS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2,
  2.5,
  -2.5,
  1e-3,
  100,
  -100,
  1e10,
  -1e10,
  1e-30,
  POSITIVE_INFINITY,
  NEGATIVE_INFINITY,
  NAN,
];

/** table: what tells implementations apart, of each dtype. */
const EXTREMES: Readonly<Record<DType, readonly number[]>> = {
  float32: [...FLOATS, 1e-45, -1e-40, 3e38, -3e38],
  float64: [...FLOATS, 5e-324, -1e-310, 1.5e308, -1.5e308],
  int32: [0, 1, -1, 2, 3, -3, 7, 255, 256, -257, 65_536, 123_456_789, 2 ** 31 - 1, -(2 ** 31)],
  uint32: [0, 1, 2, 3, 255, 65_537, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1],
  uint8: [0, 1, 2, 3, 7, 100, 127, 128, 200, 255],
  bool: [0, 1],
};

/** table: shapes of the inputs, of which the first ones are taken, and of the result. */
const SHAPES: readonly (readonly [first: number[], second: number[], third: number[], result: number[]])[] = [
  ...[0, 1, 2, 3, 5, 7, 17, 33].map((n): [number[], number[], number[], number[]] => [[n], [n], [n], [n]]),
  [[], [], [], []],
  [[2, 0, 3], [2, 0, 3], [3], [2, 0, 3]],
  [
    [3, 5],
    [3, 5],
    [3, 5],
    [3, 5],
  ],
];

/** table: shapes that broadcast: rows, columns, middle axes, scalars, empties. */
const BROADCASTS: typeof SHAPES = [
  [[3, 5], [5], [3, 1], [3, 5]],
  [[3, 1], [1, 5], [5], [3, 5]],
  [[2, 3, 4], [3, 1], [], [2, 3, 4]],
  [[2, 1, 7], [3, 1], [7], [2, 3, 7]],
  [[], [9], [1], [9]],
  [[4, 1], [], [4, 3], [4, 3]],
  [[0, 3], [3], [1, 1], [0, 3]],
];

interface Elementwise {
  readonly name: string;
  readonly apply: Apply;
  readonly arity: number;
  readonly dtype: DType;
  readonly domain: readonly [number, number];
  readonly within: number | undefined;
}

/** An elementwise op on every tail, on empty and scalar inputs, on extremes, broadcasting, and with views fused in. */
export function elementwiseRuns({ name, apply, arity, dtype, domain, within }: Elementwise): Runs {
  const inputs: Tensor[] = [];
  const calls: {
    readonly what: string;
    readonly shape: readonly number[];
    readonly run: (xs: readonly Tensor[]) => Tensor;
  }[] = [];
  const add = (
    what: string,
    shape: readonly number[],
    given: readonly Tensor[],
    view: (x: Tensor, i: number) => Tensor = (x) => x,
  ): void => {
    const from = inputs.length;
    inputs.push(...given);
    const run = (xs: readonly Tensor[]): Tensor => apply(...xs.slice(from, from + given.length).map(view)) as Tensor;
    calls.push({ what, shape, run });
  };
  for (const row of arity > 1 ? [...SHAPES, ...BROADCASTS] : SHAPES) {
    const shapes = row.slice(0, arity) as number[][];
    const shape = shapes.reduce((a, b) => broadcast(a, b));
    add(
      `shapes ${JSON.stringify(shapes)}`,
      shape,
      shapes.map((s, i) => waves(s, dtype, i, domain)),
    );
  }
  const most = within ?? Number.POSITIVE_INFINITY;
  const extremes = combinations(
    EXTREMES[dtype].filter((x) => !Number.isFinite(x) || Math.abs(x) <= most),
    arity,
  );
  add(
    "extremes",
    [extremes[0]?.length ?? 0],
    extremes.map((list) => tensor(list, { dtype })),
  );
  for (const [what, base, view] of VIEWS) {
    const given = Array.from({ length: arity }, (_, i) => waves(i === 0 ? base : [3, 5], dtype, i, domain));
    add(what, [3, 5], given, (x, i) => (i === 0 ? view(x) : x));
  }
  const labels = calls.map(({ what, shape }) => ({ what: `${name}, ${what}`, shape }));
  return { inputs, apply: (xs) => calls.map(({ run }) => run(xs)), labels };
}

/** table: ways to a (3, 5) input through a view. */
const VIEWS: readonly (readonly [what: string, base: readonly number[], view: (x: Tensor) => Tensor])[] = [
  ["a transposed input", [5, 3], (x) => ops.transpose(x)],
  ["a sliced input", [5, 9], (x) => ops.slice(x, [1, 4], [2, 7])],
  ["a stepped input", [6, 5], (x) => ops.slice(x, [null, null, -2], null)],
  ["a reversed input", [3, 5], (x) => ops.reverse(x)],
  ["a stretched row", [5], (x) => ops.broadcastTo(x, [3, 5])],
  ["a stretched column", [3, 1], (x) => ops.broadcastTo(x, [3, 5])],
  ["a reshaped input", [15], (x) => ops.reshape(x, [3, 5])],
  ["a joined input", [1, 5], (x) => ops.concat([x, x, x])],
];

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [m, n] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    return m === 1 ? n : m;
  });
}

/** Columns with every combination of `values`. */
function combinations(values: readonly number[], arity: number): number[][] {
  const rows = values.length ** Math.min(arity, 2);
  return Array.from({ length: arity }, (_, k) =>
    Array.from(
      { length: rows },
      (_, i) => values[(k === 0 ? i : Math.floor(i / values.length) + (k > 1 ? i : 0)) % values.length] as number,
    ),
  );
}

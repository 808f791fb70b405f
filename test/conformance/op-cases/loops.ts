import { cond, scan } from "../../../src/engine/loops.ts";
import type { Tensor } from "../../../src/graph/tensor.ts";
import * as ops from "../../../src/ops/index.ts";
import type { OpTest } from "../test-op.ts";

/** h' = tanh(x + h w): the simplest recurrent net, with a weight that is constant over the steps. */
const recurrent = (x: Tensor, h: Tensor, w: Tensor, reverse = false): readonly Tensor[] => {
  const { carry, ys } = scan(
    (state: Tensor, slice: Tensor) => {
      const next = ops.tanh(ops.add(slice, ops.matmul(state, w)));
      return { carry: next, y: next };
    },
    h,
    x,
    { reverse },
  );
  return [carry, ys];
};

/** Two carries that change places, an old carry as a y, a second y that is a view, and nothing but a count for xs. */
const swapping = (a: Tensor, b: Tensor): readonly Tensor[] => {
  const { carry, ys } = scan(
    ([p, q]: readonly Tensor[]) => ({ carry: [q, ops.mul(p, 0.5)], y: [p, ops.reshape(q, [6]), ops.sin(p)] }),
    [a, b],
    [],
    { length: 3 },
  );
  return [...carry, ...ys];
};

/** A loop in a loop: sums of running products along both axes. */
const nested = (x: Tensor): Tensor => {
  const rows = scan(
    (total: Tensor, row: Tensor) => {
      const inner = scan((p: Tensor, e: Tensor) => ({ carry: ops.mul(p, e), y: p }), ops.exp(total), row);
      return { carry: ops.add(total, ops.mul(inner.carry, 0.1)), y: inner.ys };
    },
    ops.sum(ops.mul(x, 0)),
    x,
  );
  return ops.add(rows.carry, ops.sum(ops.square(rows.ys)));
};

const masked = (x: Tensor, h: Tensor): readonly Tensor[] => {
  const mask = ops.less(ops.reshape(ops.iota(4), [4, 1]), ops.reshape(ops.add(ops.iota(2), 2), [1, 2]));
  const { carry, ys } = scan(
    (state: Tensor, slice: Tensor) => {
      const next = ops.sigmoid(ops.add(state, slice));
      return { carry: next, y: [next, ops.mul(slice, 2)] };
    },
    h,
    x,
    { mask },
  );
  return [carry, ...ys];
};

/** table: ops that run a graph of their own, by public name. */
export const LOOPS: Readonly<Record<string, OpTest>> = {
  scan: {
    gradient: true,
    looser: [4, "errors add up over the steps"],
    examples: [
      {
        given: [[1, 2, 3, 4]],
        apply: (x) =>
          scan((sum: Tensor, e: Tensor) => ({ carry: ops.add(sum, e), y: sum }), ops.sum(ops.mul(x, 0)), x).ys,
        want: [0, 1, 3, 6],
      },
      {
        given: [[1, 2, 3, 4]],
        apply: (x) => scan((last: Tensor, e: Tensor) => ({ carry: e, y: last }), ops.sum(x), x, { reverse: true }).ys,
        want: [2, 3, 4, 10],
      },
    ],
    shaped: [
      { shapes: [[5, 3, 4], [3, 4], [4, 4]], apply: (x, h, w) => recurrent(x, h, w), gives: [3, 4] }, // biome-ignore format: a table
      { shapes: [[5, 3, 4], [3, 4], [4, 4]], apply: (x, h, w) => recurrent(x, h, w, true), gives: [3, 4] }, // biome-ignore format: a table
      { shapes: [[1, 2, 3], [2, 3], [3, 3]], apply: (x, h, w) => recurrent(x, h, w), gives: [2, 3] }, // biome-ignore format: a table
      { shapes: [[2, 3], [2, 3]], apply: swapping, gives: [2, 3] }, // biome-ignore format: a table
      { shapes: [[3, 4]], apply: nested, gives: [] },
      { shapes: [[4, 2, 3], [2, 3]], apply: masked, gives: [2, 3] }, // biome-ignore format: a table
    ],
  },
  cond: {
    gradient: true,
    examples: [
      { given: [[1, 2]], apply: (x) => cond(ops.greater(ops.sum(x), 0), () => ops.mul(x, 2), () => ops.neg(x)), want: [2, 4] }, // biome-ignore format: a table
      { given: [[1, -2]], apply: (x) => cond(ops.greater(ops.sum(x), 0), () => ops.mul(x, 2), () => ops.neg(x)), want: [-1, 2] }, // biome-ignore format: a table
    ],
    shaped: [true, false].map((yes) => ({
      shapes: [[3, 4], [4, 2]], // biome-ignore format: a table
      apply: (x: Tensor, w: Tensor): Tensor =>
        cond(
          yes ? ops.less(ops.sum(ops.square(x)), 1e9) : ops.greater(ops.sum(ops.square(x)), 1e9),
          () => ops.tanh(ops.matmul(x, w)),
          () => ops.slice(ops.square(x), "...", [0, 2]),
        ),
      gives: [3, 2],
    })),
  },
};

import type { Tensor } from "../../../src/graph/tensor.ts";
import { erfInv } from "../../../src/ops/erf-inv.ts";
import * as ops from "../../../src/ops/index.ts";
import { integerPower } from "../../../src/ops/integer-power.ts";
import { poolAttrs } from "../../../src/ops/pool-window.ts";
import { randomUniform } from "../../../src/ops/random-uniform.ts";
import { fromWindows } from "../../../src/ops/window-place.ts";
import type { OpTest } from "../test-op.ts";

/** dy at positions that windows over a wavy picture of 2 x 5 x 6 x 5 chose. */
function spread(dy: Tensor, window: readonly number[], strides: readonly number[]): Tensor {
  const shape = [2, 5, 6, 5];
  const attrs = poolAttrs("spread", shape, window, { strides });
  const picture: Tensor = ops.sin(ops.cast(ops.reshape(ops.iota(300), shape), "float32"));
  return fromWindows(dy, ops.windowArgMax(picture, window, { strides }), { ...attrs, space: [5, 6] });
}

/** table: ops that are no public function of the table, by their records' names. */
export const RECORDS: Readonly<Record<string, OpTest>> = {
  erfInv: {
    apply: (x) => erfInv(x),
    ref: (x) => ({ 0: 0, 0.5: 0.4769362762044699, "-0.75": -0.8134198475976185 })[String(x)] ?? Number.NaN,
    samples: [[0], [0.5], [-0.75]],
    domain: [-0.95, 0.95],
    gradient: true,
  },
  integerPower: {
    apply: (n) => integerPower(0.9, n),
    ref: (n) => 0.9 ** n,
    samples: [[0], [1], [2], [31], [1000]],
    dtypes: ["int32"],
    gradient: "of ints",
  },
  windowSpread: {
    gradient: true,
    shaped: [
      { shapes: [[2, 2, 3, 5]], apply: (dy) => spread(dy, [2, 2], [2, 2]), gives: [2, 5, 6, 5] },
      { shapes: [[2, 2, 2, 5]], apply: (dy) => spread(dy, [1, 2], [3, 3]), gives: [2, 5, 6, 5] },
      { shapes: [[2, 4, 5, 5]], apply: (dy) => spread(dy, [2, 2], [1, 1]), gives: [2, 5, 6, 5] },
    ],
  },
  randomUniform: {
    gradient: "of a key",
    dtypes: ["uint32"],
    shaped: [
      {
        shapes: [[2]],
        apply: (key) => [randomUniform(key, [3, 7], "float32"), randomUniform(key, [33], "float64")],
        gives: [3, 7],
      },
    ],
  },
};

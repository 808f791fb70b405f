import { erfInv } from "../../../src/ops/erf-inv.ts";
import { integerPower } from "../../../src/ops/integer-power.ts";
import { randomUniform } from "../../../src/ops/random-uniform.ts";
import type { OpTest } from "../test-op.ts";

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

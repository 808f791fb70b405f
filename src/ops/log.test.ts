import { testUnary } from "../../test/support/elementwise.ts";
import { log, logOp } from "./log.ts";

testUnary({
  op: logOp,
  apply: log,
  ref: Math.log,
  samples: [1, 2, 0.5, 1e6, 3],
  exact: [
    [0, -Infinity],
    [-0, -Infinity],
    [1, 0],
    [-1, Number.NaN],
    [Infinity, Infinity],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "float32", bool: "float32", float64: "float64" },
  gradients: [
    [0, Infinity],
    [4, 0.25],
    [Infinity, 0],
  ],
});

import { testUnary } from "../../test/support/elementwise.ts";
import { exp, expOp } from "./exp.ts";

testUnary({
  op: expOp,
  apply: exp,
  ref: Math.exp,
  samples: [0, 1, -1, 5.5, -20],
  exact: [
    [0, 1],
    [-Infinity, 0],
    [Infinity, Infinity],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "float32", bool: "float32", float64: "float64" },
  gradients: [
    [0, 1],
    [-Infinity, 0],
  ],
});

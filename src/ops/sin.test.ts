import { testUnary } from "../../test/support/elementwise.ts";
import { sin, sinOp } from "./sin.ts";

testUnary({
  op: sinOp,
  apply: sin,
  ref: Math.sin,
  samples: [1, -2, 0.5, 10, 3],
  exact: [
    [0, 0],
    [-0, -0],
    [Infinity, Number.NaN],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "float32", bool: "float32", float64: "float64" },
  gradients: [[0, 1]],
});

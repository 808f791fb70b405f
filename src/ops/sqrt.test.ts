import { testUnary } from "../../test/support/elementwise.ts";
import { sqrt, sqrtOp } from "./sqrt.ts";

testUnary({
  op: sqrtOp,
  apply: sqrt,
  ref: Math.sqrt,
  samples: [1, 2, 0.25, 0.01, 1e6],
  exact: [
    [0, 0],
    [-0, -0],
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

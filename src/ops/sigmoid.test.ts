import { testUnary } from "../../test/support/elementwise.ts";
import { sigmoid, sigmoidOp } from "./sigmoid.ts";

testUnary({
  op: sigmoidOp,
  apply: sigmoid,
  ref: (x) => 1 / (1 + Math.exp(-x)),
  samples: [1, -2, 0.5, 10, -30, -90],
  exact: [
    [0, 0.5],
    [-Infinity, 0],
    [Infinity, 1],
    [-1000, 0],
    [1000, 1],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "float32", bool: "float32", float64: "float64" },
  gradients: [
    [0, 0.25],
    [-1000, 0],
    [1000, 0],
    [-Infinity, 0],
  ],
});

import { testUnary } from "../../test/support/elementwise.ts";
import { tanh, tanhOp } from "./tanh.ts";

testUnary({
  op: tanhOp,
  apply: tanh,
  ref: Math.tanh,
  samples: [1, -2, 0.5, 1e-4, 9],
  exact: [
    [0, 0],
    [-0, -0],
    [-Infinity, -1],
    [Infinity, 1],
    [100, 1],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "float32", bool: "float32", float64: "float64" },
  gradients: [
    [0, 1],
    [Infinity, 0],
  ],
});

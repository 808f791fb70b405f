import { testUnary } from "../../test/support/elementwise.ts";
import { cos, cosOp } from "./cos.ts";

testUnary({
  op: cosOp,
  apply: cos,
  ref: Math.cos,
  samples: [1, -2, 0.5, 10, 3],
  exact: [
    [0, 1],
    [-0, 1],
    [-Infinity, Number.NaN],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "float32", bool: "float32", float64: "float64" },
  gradients: [[0, -0]],
});

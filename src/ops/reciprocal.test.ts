import { testUnary } from "../../test/support/elementwise.ts";
import { reciprocal, reciprocalOp } from "./reciprocal.ts";

testUnary({
  op: reciprocalOp,
  apply: reciprocal,
  ref: (x) => 1 / x,
  samples: [1, -2, 0.25, 30],
  exact: [
    [0, Infinity],
    [-0, -Infinity],
    [-Infinity, -0],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "float32", bool: "float32", float64: "float64" },
  gradients: [
    [2, -0.25],
    [Infinity, -0],
  ],
});

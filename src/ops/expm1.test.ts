import { testUnary } from "../../test/support/elementwise.ts";
import { expm1, expm1Op } from "./expm1.ts";

testUnary({
  op: expm1Op,
  apply: expm1,
  ref: Math.expm1,
  samples: [1, -1, 5.5, 1e-5, -1e-7],
  exact: [
    [0, 0],
    [-0, -0],
    [-Infinity, -1],
    [Infinity, Infinity],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "float32", bool: "float32", float64: "float64" },
  gradients: [
    [0, 1],
    [-Infinity, 0],
  ],
});

import { testUnary } from "../../test/support/elementwise.ts";
import { softplus, softplusOp } from "./softplus.ts";

testUnary({
  op: softplusOp,
  apply: softplus,
  ref: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  samples: [0, 1, -2, 0.5, 20, -20],
  exact: [
    [-Infinity, 0],
    [Infinity, Infinity],
    [1000, 1000],
    [-1000, 0],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "float32", bool: "float32", float64: "float64" },
  gradients: [
    [0, 0.5],
    [Infinity, 1],
    [-Infinity, 0],
  ],
});

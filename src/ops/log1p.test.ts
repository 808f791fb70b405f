import { testUnary } from "../../test/support/elementwise.ts";
import { log1p, log1pOp } from "./log1p.ts";

testUnary({
  op: log1pOp,
  apply: log1p,
  ref: Math.log1p,
  samples: [1, 2, -0.5, 1e-5, -1e-7],
  exact: [
    [0, 0],
    [-0, -0],
    [-1, -Infinity],
    [-2, Number.NaN],
    [Infinity, Infinity],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "float32", bool: "float32", float64: "float64" },
  gradients: [
    [0, 1],
    [-1, Infinity],
  ],
});

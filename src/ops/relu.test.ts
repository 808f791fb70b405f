import { testUnary } from "../../test/support/elementwise.ts";
import { relu, reluOp } from "./relu.ts";

testUnary({
  op: reluOp,
  apply: relu,
  ref: (x) => Math.max(x, 0),
  samples: [1, -2, 0.5, 1e-6, -30],
  exact: [
    [0, 0],
    [-0, 0],
    [-Infinity, 0],
    [Infinity, Infinity],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "int32", bool: "int32", uint8: "uint8", float64: "float64" },
  gradients: [
    [0, 0],
    [-0, 0],
    [-1, 0],
    [Number.NaN, 1],
    [Infinity, 1],
  ],
});

import { testUnary } from "../../test/support/elementwise.ts";
import { square, squareOp } from "./square.ts";

testUnary({
  op: squareOp,
  apply: square,
  ref: (x) => x * x,
  samples: [1, -2, 0.25, 30],
  exact: [
    [-0, 0],
    [-Infinity, Infinity],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "int32", bool: "int32", uint8: "uint8", float64: "float64" },
  gradients: [
    [0, 0],
    [-3, -6],
  ],
});

import { testUnary } from "../../test/support/elementwise.ts";
import { neg, negOp } from "./neg.ts";

testUnary({
  op: negOp,
  apply: neg,
  ref: (x) => -x,
  samples: [1.5, -2, 1e-3, 100],
  exact: [
    [0, -0],
    [-0, 0],
    [Infinity, -Infinity],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "int32", bool: "int32", uint8: "uint8", float64: "float64" },
  gradients: [
    [0, -1],
    [Infinity, -1],
  ],
});

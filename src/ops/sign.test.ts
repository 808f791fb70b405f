import { testUnary } from "../../test/support/elementwise.ts";
import { sign, signOp } from "./sign.ts";

testUnary({
  op: signOp,
  apply: sign,
  ref: Math.sign,
  samples: [1.5, -2, 1e-30, -100],
  exact: [
    [-0, 0],
    [0, 0],
    [-Infinity, -1],
    [Infinity, 1],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "int32", bool: "int32", uint8: "uint8", float64: "float64" },
});

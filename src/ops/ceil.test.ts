import { testUnary } from "../../test/support/elementwise.ts";
import { ceil, ceilOp } from "./ceil.ts";

testUnary({
  op: ceilOp,
  apply: ceil,
  ref: Math.ceil,
  samples: [1.5, -1.5, 2, 0.25, 1e6],
  exact: [
    [-0, -0],
    [-0.5, -0],
    [Infinity, Infinity],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "int32", bool: "int32", uint8: "uint8", float64: "float64" },
});

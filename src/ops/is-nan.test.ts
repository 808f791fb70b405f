import { testUnary } from "../../test/support/elementwise.ts";
import { isNaN, isNaNOp } from "./is-nan.ts";

testUnary({
  op: isNaNOp,
  apply: isNaN,
  ref: (x) => Number(Number.isNaN(x)),
  samples: [1, -2],
  exact: [
    [Number.NaN, 1],
    [Infinity, 0],
    [-0, 0],
  ],
  dtypes: { int32: "bool", bool: "bool", uint32: "bool" },
});

import { testUnary } from "../../test/support/elementwise.ts";
import { round, roundOp } from "./round.ts";

testUnary({
  op: roundOp,
  apply: round,
  ref: (x) => Math.round(x),
  samples: [1.4, -1.6, 2, 0.25, 1e6],
  exact: [
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, -0],
    [-1.5, -2],
    [Infinity, Infinity],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "int32", bool: "int32", uint8: "uint8", float64: "float64" },
});

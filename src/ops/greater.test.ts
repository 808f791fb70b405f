import { testBinary } from "../../test/support/elementwise.ts";
import { greater, greaterOp } from "./greater.ts";

testBinary({
  op: greaterOp,
  apply: greater,
  ref: (a, b) => Number(a > b),
  samples: [
    [1.5, 2],
    [2, 2],
    [-3, -7],
  ],
  exact: [
    [0, -0, 0],
    [Number.NaN, 1, 0],
    [1, Number.NaN, 0],
    [Infinity, 0, 1],
  ],
  dtypes: [
    ["int32", "int32", "bool"],
    ["bool", "bool", "bool"],
    ["uint8", "float32", "bool"],
  ],
});

import { testBinary } from "../../test/support/elementwise.ts";
import { notEqual, notEqualOp } from "./not-equal.ts";

testBinary({
  op: notEqualOp,
  apply: notEqual,
  ref: (a, b) => Number(a !== b),
  samples: [
    [1.5, 2],
    [2, 2],
    [-3, -7],
  ],
  exact: [
    [0, -0, 0],
    [Number.NaN, Number.NaN, 1],
    [Infinity, Infinity, 0],
  ],
  dtypes: [
    ["int32", "int32", "bool"],
    ["bool", "bool", "bool"],
    ["uint8", "float32", "bool"],
  ],
});

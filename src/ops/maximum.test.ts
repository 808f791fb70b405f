import { testBinary } from "../../test/support/elementwise.ts";
import { maximum, maximumOp } from "./maximum.ts";

testBinary({
  op: maximumOp,
  apply: maximum,
  ref: Math.max,
  samples: [
    [1.5, 2],
    [-3, 0.5],
    [0.1, -7],
    [100, 1e-3],
  ],
  exact: [
    [0, 0, 0],
    [Number.NaN, 1, Number.NaN],
    [1, Number.NaN, Number.NaN],
    [-Infinity, 2, 2],
  ],
  dtypes: [
    ["int32", "int32", "int32"],
    ["bool", "bool", "int32"],
    ["uint8", "int32", "int32"],
    ["int32", "float32", "float32"],
    ["float32", "float64", "float64"],
  ],
  gradients: [
    [3, 3, 1, 0],
    [1, 2, 0, 1],
    [2, 1, 1, 0],
  ],
});

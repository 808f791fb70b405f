import { testBinary } from "../../test/support/elementwise.ts";
import { sub, subOp } from "./sub.ts";

testBinary({
  op: subOp,
  apply: sub,
  ref: (a, b) => a - b,
  samples: [
    [1.5, 2],
    [-3, 0.5],
    [0.1, -7],
    [100, 1e-3],
  ],
  exact: [
    [-0, 0, -0],
    [0, 0, 0],
    [Infinity, Infinity, Number.NaN],
    [1, Number.NaN, Number.NaN],
  ],
  dtypes: [
    ["int32", "int32", "int32"],
    ["bool", "bool", "int32"],
    ["uint8", "int32", "int32"],
    ["int32", "float32", "float32"],
    ["float32", "float64", "float64"],
  ],
  gradients: [[1, 2, 1, -1]],
});

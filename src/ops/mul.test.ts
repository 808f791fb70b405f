import { testBinary } from "../../test/support/elementwise.ts";
import { mul, mulOp } from "./mul.ts";

testBinary({
  op: mulOp,
  apply: mul,
  ref: (a, b) => a * b,
  samples: [
    [1.5, 2],
    [-3, 0.5],
    [0.1, -7],
    [100, 1e-3],
  ],
  exact: [
    [-0, 1, -0],
    [Infinity, 0, Number.NaN],
    [-Infinity, 2, -Infinity],
    [Number.NaN, 0, Number.NaN],
  ],
  dtypes: [
    ["int32", "int32", "int32"],
    ["bool", "bool", "int32"],
    ["uint8", "int32", "int32"],
    ["int32", "float32", "float32"],
    ["float32", "float64", "float64"],
  ],
  gradients: [[2, 0, 0, 2]],
});

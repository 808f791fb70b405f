import { testBinary } from "../../test/support/elementwise.ts";
import { mod, modOp } from "./mod.ts";

testBinary({
  op: modOp,
  apply: mod,
  ref: (a, b) => a - b * Math.floor(a / b),
  samples: [
    [1.5, 2],
    [-3, 0.5625],
    [0.1, -7],
    [100, 0.375],
    [-7, 3],
  ],
  exact: [
    [7, 3, 1],
    [-7, 3, 2],
    [7, -3, -2],
    [-7, -3, -1],
    [6, 3, 0],
    [5, 0, Number.NaN],
    [Infinity, 2, Number.NaN],
    [5, Infinity, 5],
    [-5, Infinity, Infinity],
    [0, -Infinity, 0],
    [Number.NaN, 2, Number.NaN],
  ],
  dtypes: [
    ["int32", "int32", "int32"],
    ["bool", "bool", "int32"],
    ["uint8", "int32", "int32"],
    ["int32", "float32", "float32"],
    ["float32", "float64", "float64"],
  ],
  gradients: [
    [7, 3, 1, -2],
    [-7, 3, 1, 3],
  ],
});

import { testBinary } from "../../test/support/elementwise.ts";
import { div, divOp } from "./div.ts";

testBinary({
  op: divOp,
  apply: div,
  ref: (a, b) => a / b,
  samples: [
    [1.5, 2],
    [-3, 0.5],
    [0.1, -7],
    [100, 0.4],
  ],
  exact: [
    [1, 0, Infinity],
    [1, -0, -Infinity],
    [0, 0, Number.NaN],
    [1, -Infinity, -0],
    [Number.NaN, 1, Number.NaN],
  ],
  dtypes: [
    ["int32", "int32", "float32"],
    ["bool", "uint8", "float32"],
    ["int32", "float64", "float64"],
    ["float32", "float64", "float64"],
  ],
  gradients: [
    [1, 4, 0.25, -0.0625],
    [0, 2, 0.5, -0],
  ],
});

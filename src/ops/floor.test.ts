import { testUnary } from "../../test/support/elementwise.ts";
import { floor, floorOp } from "./floor.ts";

testUnary({
  op: floorOp,
  apply: floor,
  ref: Math.floor,
  samples: [1.5, -1.5, 2, -0.25, 1e6],
  exact: [
    [-0, -0],
    [0, 0],
    [-Infinity, -Infinity],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "int32", bool: "int32", uint8: "uint8", float64: "float64" },
});

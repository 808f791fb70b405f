import { expect, it } from "vitest";
import { expectGradients, testUnary } from "../../test/support/elementwise.ts";
import { erfInv, erfInvOp } from "./erf-inv.ts";
import { tensor } from "./tensor.ts";

// erf(0.5), erf(1) and erf(2), from tables (Abramowitz and Stegun 7.1).
const KNOWN = new Map([
  [0.5204998778130465, 0.5],
  [-0.8427007929497149, -1],
  [0.9953222650189527, 2],
]);

testUnary({
  op: erfInvOp,
  apply: erfInv,
  ref: (x) => x * (Math.sqrt(Math.PI) / 2),
  samples: [1e-9, -2e-8, 3e-9],
  exact: [
    [0, 0],
    [1, Infinity],
    [-1, -Infinity],
    [1.5, Number.NaN],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "float32", float64: "float64" },
  gradients: [[0, Math.sqrt(Math.PI) / 2]],
});

it("inverts the error function in all of its ranges", () => {
  const got = erfInv(tensor([...KNOWN.keys()], { dtype: "float64" })).dataSync();
  [...KNOWN.values()].forEach((want, i) => {
    expect(got[i]).toBeCloseTo(want, 12);
  });
  expectGradients(erfInvOp, [[0.3, -0.7, 0.95, 0.98]]);
});

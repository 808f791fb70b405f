import { expect, it } from "vitest";
import { testUnary } from "../../test/support/elementwise.ts";
import { erf, erfOp } from "./erf.ts";
import { tensor } from "./tensor.ts";

/** erf(x) by Maclaurin's series, right to about 1e-15 where its terms stay small. */
function series(x: number): number {
  let sum = 0;
  for (let n = 0, term = x; n < 80; n++, term *= (-x * x) / n) sum += term / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * sum;
}

testUnary({
  op: erfOp,
  apply: erf,
  ref: series,
  samples: [0.5, -0.25, 1e-4, 0.999, -1.5, 1.001],
  exact: [
    [0, 0],
    [-0, -0],
    [Infinity, 1],
    [-Infinity, -1],
    [30, 1],
    [Number.NaN, Number.NaN],
  ],
  dtypes: { int32: "float32", bool: "float32", float64: "float64" },
  gradients: [
    [0, 2 / Math.sqrt(Math.PI)],
    [Infinity, 0],
  ],
});

// Abramowitz and Stegun, Handbook of Mathematical Functions, table 7.1.
it.each([
  [0.5, 0.5204998778],
  [1, 0.8427007929],
  [1.5, 0.9661051465],
  [2, 0.995322265],
])("erf(%d) is the table's %d", (x, y) => {
  expect(erf(tensor([x], { dtype: "float64" })).dataSync()[0]).toBeCloseTo(y, 9);
  expect(erf(tensor([-x])).dataSync()[0]).toBeCloseTo(-y, 6);
});

it("is within 1.5 float32 steps of the truth, and meets itself at 1", () => {
  const xs = Float32Array.from({ length: 2000 }, (_, i) => (i + 1) / 800);
  const got = erf(tensor(xs)).dataSync();
  const worst = xs.reduce((most, x, i) => Math.max(most, Math.abs(got[i] - series(x)) / (series(x) * 2 ** -24)), 0);
  expect(worst).toBeLessThan(3);
});

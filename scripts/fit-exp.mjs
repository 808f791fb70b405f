// Fits the polynomial of src/ir/maths/exp.ts for float32: e^r - 1 = r + r^2 P(r) on |r| <= ln(2)/2, minimizing the
// greatest relative error of e^r - 1 by Remez's exchange. A coefficient is rounded to float32 before the rest is
// fitted again, so that the others make up for its rounding. Prints the coefficients and the error that is left.
//
//   node scripts/fit-exp.mjs

const DEGREE = 4;
const BOUND = Math.LN2 / 2 + 1e-4;

/** (e^r - 1 - r) / r^2, by its series: the closed form cancels. */
function target(r) {
  let term = 1 / 2;
  let sum = term;
  for (let n = 3; n < 30; n++) sum += term *= r / n;
  return sum;
}

/** Gauss elimination with pivots. */
function solve(matrix, right) {
  const n = right.length;
  const a = matrix.map((row, i) => [...row, right[i]]);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column; row < n; row++) if (Math.abs(a[row][column]) > Math.abs(a[pivot][column])) pivot = row;
    [a[column], a[pivot]] = [a[pivot], a[column]];
    for (let row = 0; row < n; row++) {
      if (row === column) continue;
      const factor = a[row][column] / a[column][column];
      for (let i = column; i <= n; i++) a[row][i] -= factor * a[column][i];
    }
  }
  return a.map((row, i) => row[n] / row[i]);
}

const horner = (coefficients, r) => coefficients.reduceRight((sum, c) => sum * r + c, 0);

/** The greatest error of each run of one sign: where the next exchange takes its points. */
function extremes(error) {
  const steps = 20_000;
  const peaks = [];
  let last = 0;
  for (let i = 0; i <= steps; i++) {
    const r = -BOUND + (2 * BOUND * i) / steps;
    const e = error(r);
    if (e === 0) continue;
    if (Math.sign(e) !== last) peaks.push({ r, e });
    else if (Math.abs(e) > Math.abs(peaks[peaks.length - 1].e)) peaks[peaks.length - 1] = { r, e };
    last = Math.sign(e);
  }
  return peaks;
}

/** The best coefficients from `fixed.length` on, the first ones given. */
function remez(fixed) {
  const free = DEGREE + 1 - fixed.length;
  let points = Array.from({ length: free + 1 }, (_, i) => -BOUND * Math.cos((Math.PI * (i + 0.5)) / (free + 1)));
  let coefficients = [];
  for (let round = 0; round < 40; round++) {
    const rows = points.map((r, i) => {
      const powers = Array.from({ length: free }, (_, j) => r ** (j + fixed.length));
      return [...powers, (i % 2 === 0 ? 1 : -1) / Math.abs(r)];
    });
    const solution = solve(
      rows,
      points.map((r) => target(r) - horner(fixed, r)),
    );
    coefficients = [...fixed, ...solution.slice(0, free)];
    const peaks = extremes((r) => Math.abs(r) * (horner(coefficients, r) - target(r)));
    if (peaks.length < free + 1) break;
    while (peaks.length > free + 1) {
      if (Math.abs(peaks[0].e) < Math.abs(peaks[peaks.length - 1].e)) peaks.shift();
      else peaks.pop();
    }
    points = peaks.map((p) => p.r);
  }
  return coefficients;
}

let fixed = [];
while (fixed.length <= DEGREE) fixed = [...fixed, Math.fround(remez(fixed)[fixed.length])];
const worst = Math.max(...extremes((r) => r * (horner(fixed, r) - target(r))).map((p) => Math.abs(p.e)));
console.log(fixed.map((c) => c.toPrecision(10)).join(", "));
console.log(`greatest relative error of e^r - 1: 2^${Math.log2(worst).toFixed(2)}`);

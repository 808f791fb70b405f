// Fits the polynomials of src/ops/erf.ts: erf(x) = x P(x^2) up to 1, and erfc(x) = e^(-x^2) Q(t), t = 1 / (1 + x / 2),
// from 1 to where erf rounds to 1. Each is interpolated at Chebyshev's nodes, in integers of 400 bits, so that only the
// last step, to float64, rounds. Prints the coefficients, lowest power first, and the greatest error of erf.
//
//   node scripts/fit-erf.mjs

const BITS = 400n;
const ONE = 1n << BITS;
const times = (a, b) => (a * b) >> BITS;
const over = (a, b) => (a << BITS) / b;
const number = (a) => Number((a << 200n) >> BITS) / 2 ** 200;
const big = (x) => BigInt(Math.round(x * 2 ** 52)) << (BITS - 52n);

/** Sums term after term until they vanish. */
function series(first, next) {
  let sum = 0n;
  for (let term = first, n = 0n; term !== 0n && term !== -1n; n++) {
    sum += term / (2n * n + 1n);
    term = next(term, n);
  }
  return sum;
}

function exp(x) {
  let sum = ONE;
  for (let term = ONE, n = 1n; term !== 0n && term !== -1n; n++) sum += term = times(term, x) / n;
  return sum;
}

/** pi = 16 atan(1/5) - 4 atan(1/239). */
const atanOfInverse = (n) => series(ONE / n, (term) => -term / (n * n));
const PI = 16n * atanOfInverse(5n) - 4n * atanOfInverse(239n);

function root(a) {
  let x = big(Math.sqrt(number(a)));
  for (let i = 0; i < 8; i++) x = (x + over(a, x)) / 2n;
  return x;
}

/** erf(x) = 2 / sqrt(pi) (x - x^3 / 3 + x^5 / (2! 5) - ...). */
function erf(x) {
  const square = times(x, x);
  return over(2n * series(x, (term, n) => -times(term, square) / (n + 1n)), root(PI));
}

/** The polynomial through f at Chebyshev's nodes of [low, high], by Newton's differences. */
function interpolated(f, low, high, degree) {
  const nodes = Array.from({ length: degree + 1 }, (_, i) => {
    const cosine = Math.cos((Math.PI * (i + 0.5)) / (degree + 1));
    return big((low + high) / 2 + ((high - low) / 2) * cosine);
  });
  const differences = nodes.map(f);
  for (let order = 1; order <= degree; order++)
    for (let i = degree; i >= order; i--)
      differences[i] = over(differences[i] - differences[i - 1], nodes[i] - nodes[i - order]);
  let powers = [differences[degree]];
  for (let i = degree - 1; i >= 0; i--) {
    const shifted = [0n, ...powers];
    powers = shifted.map((c, k) => c - (k < powers.length ? times(powers[k], nodes[i]) : 0n));
    powers[0] += differences[i];
  }
  return powers;
}

const horner = (coefficients, x) => coefficients.reduceRight((sum, c) => times(sum, x) + big2(c), 0n);
const big2 = (x) => (BigInt(Math.round(x * 2 ** 60 * 2 ** 40)) << BITS) >> 100n;

const near = (square) => (square === 0n ? over(2n * ONE, root(PI)) : over(erf(root(square)), root(square)));
const far = (t) => {
  const x = 2n * (over(ONE, t) - ONE);
  return times(ONE - erf(x), exp(times(x, x)));
};

for (const [dtype, end, degreeNear, degreeFar, round] of [
  ["float32", 4, 6, 8, Math.fround],
  ["float64", 6, 13, 22, Number],
]) {
  const p = interpolated(near, 0, 1, degreeNear).map((c) => round(number(c)));
  const q = interpolated(far, 1 / (1 + end / 2), 1 / 1.5, degreeFar).map((c) => round(number(c)));
  let worst = 0;
  for (let i = 1; i <= 400; i++) {
    const x = big((end * i) / 400);
    const truth = erf(x);
    const t = over(ONE, ONE + x / 2n);
    const got = i * end <= 400 ? times(x, horner(p, times(x, x))) : ONE - times(exp(-times(x, x)), horner(q, t));
    worst = Math.max(worst, Math.abs(number(got - truth)) / number(truth));
  }
  console.log(
    `${dtype}: up to 1\n  ${p.join(", ")}\nfrom 1 to ${end}\n  ${q.join(", ")}\nrelative error ${worst.toExponential(2)}`,
  );
}

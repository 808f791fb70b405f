// node scripts/measure-maths.mjs [NAME ...] [--step N]: the worst errors of the library's float32 functions over every
// N-th of all 2^32 arguments (every one by default; minutes for each), beside their bounds. What JavaScript's functions
// give in float64 is taken as right. Fails when a bound is broken, or NaN, an infinity or a zero is wrong.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { ensureBuilt, ensureInstalled } from "./ensure.mjs";
import { ROOT } from "./project.mjs";

await ensureInstalled();
await ensureBuilt();
/** @param {string} path */
const built = (path) => import(pathToFileURL(join(ROOT, "dist", path)).href);
const [gradwise, { MATHS_BOUNDS }] = await Promise.all([built("index.js"), built("ir/maths/bounds.js")]);

/** @type {Record<string, (x: number) => number>} */
const RIGHT = {
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid: (x) => (x < -40 ? Math.exp(x) : 1 / (1 + Math.exp(-x))),
  expm1: Math.expm1,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
};

const { values, positionals } = parseArgs({ options: { step: { type: "string" } }, allowPositionals: true });
const step = Number(values.step ?? 1);
const unknown = positionals.find((name) => !(name in RIGHT));
if (unknown !== undefined || !Number.isInteger(step) || step < 1) {
  console.error(`Expected names of ${Object.keys(RIGHT).join(", ")} and a whole --step of at least 1.`);
  process.exit(1);
}

const CHUNK = 2 ** 18;
const xs = new Float32Array(CHUNK);
const bits = new Uint32Array(xs.buffer);
const scratch = new Float64Array(1);
const high = new Int32Array(scratch.buffer);

/** By the exponent bits of a float64: the value of float32's last place there. */
const PLACES = Float64Array.from({ length: 2048 }, (_, e) => 2 ** (Math.min(Math.max(e - 1023, -126), 127) - 23));

/** Units in the last place; an infinity stands for 2^128. @param {number} y @param {number} right */
function ulps(y, right) {
  scratch[0] = right;
  const place = /** @type {number} */ (PLACES[/** @type {number} */ (high[1] >>> 20) & 0x7ff]);
  const error = Math.abs(y - right) / place;
  if (error < 2 ** 24 && y !== 0) return error;
  const rounded = Math.fround(right);
  if (Object.is(y, rounded) && (rounded === 0 || !Number.isFinite(rounded))) return 0;
  if (!Number.isFinite(right) || Number.isNaN(y) || rounded === 0) return Number.POSITIVE_INFINITY;
  const [a, b] = [y, right].map((v) => Math.sign(v) * Math.min(Math.abs(v), 2 ** 128));
  return Math.abs(/** @type {number} */ (a) - /** @type {number} */ (b)) / place;
}

let broken = 0;
for (const name of positionals.length ? positionals : Object.keys(RIGHT)) {
  const right = /** @type {(x: number) => number} */ (RIGHT[name]);
  const { ulps: bound, within = Number.POSITIVE_INFINITY } = MATHS_BOUNDS[name].float32;
  const program = gradwise.compile((/** @type {unknown} */ x) => gradwise[name](x));
  const start = performance.now();
  let [worst, at, count] = [0, 0, 0];
  for (let first = 0; first < 2 ** 32; first += CHUNK * step) {
    for (let i = 0; i < CHUNK; i++) bits[i] = first + i * step;
    const ys = program(gradwise.tensor(xs)).dataSync();
    for (let i = 0; i < CHUNK && first + i * step < 2 ** 32; i++) {
      const x = /** @type {number} */ (xs[i]);
      if (Math.abs(x) > within) continue;
      count++;
      const y = ys[i];
      const expected = right(x);
      const error = y === expected ? 0 : ulps(y, expected);
      if (error > worst) [worst, at] = [error, x];
    }
  }
  const kept = worst <= bound;
  if (!kept) broken++;
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const verdict = kept ? "ok  " : "FAIL";
  console.log(
    `${verdict} ${name.padEnd(8)} ${worst.toFixed(4)} ulp at ${at}, bound ${bound}; ${count} arguments, ${seconds} s`,
  );
}
process.exit(broken ? 1 : 0);

import type { DType } from "../../../src/core/dtype.ts";
import { customGradient, erf, ops, softplus } from "../../../src/ops/index.ts";
import type { OpTest } from "../test-op.ts";

const FLOATS: readonly DType[] = ["float32", "float64"];
const NUMBERS: readonly DType[] = [...FLOATS, "int32", "uint8"];
/** A bool counts as an int32. */
const MOST: readonly DType[] = [...NUMBERS, "bool"];
const ALL: readonly DType[] = [...MOST, "uint32"];

const STEPS = "its output jumps between constants: nothing flows";
const BOOLS = "its output is bool";

const one = (...xs: number[]): number[][] => xs.map((x) => [x]);
const NEAR = one(-1.7, -0.6, 0.3, 0.9, 1.8, 2.4);
const POSITIVE = one(0.1, 0.7, 1.3, 2.9, 6.5);
const PAIRS = [[0.7, 1.3], [-1.2, 0.43], [2.1, -0.8], [-0.5, -1.9], [3.2, 2.2]]; // biome-ignore format: pairs

const floorMod = (a: number, b: number): number => (b === 0 ? 0 : a - b * Math.floor(a / b));
const bool = (test: boolean): number => (test ? 1 : 0);

/** erfc(x) = 1 - erf(x) of a positive x, by its continued fraction from 1 on and by erf's series below. */
function erfc(x: number): number {
  if (x < 1.5) {
    let sum = 0;
    for (let n = 0, term = x; n < 60; n++, term *= (-x * x) / n) sum += term / (2 * n + 1);
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = x;
  for (let n = 200; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

/** ir/maths reduces angles of this size without loss; beyond it, it says so. */
const REDUCED = 1e6;

/** table: elementwise ops, by public name. */
export const ELEMENTWISE: Readonly<Record<string, OpTest>> = {
  abs: { apply: (x) => ops.abs(x), ref: Math.abs, samples: NEAR, dtypes: MOST, gradient: true },
  ceil: { apply: (x) => ops.ceil(x), ref: Math.ceil, samples: NEAR, dtypes: MOST, gradient: STEPS },
  cos: { apply: (x) => ops.cos(x), ref: Math.cos, samples: NEAR, dtypes: MOST, within: REDUCED, gradient: true },
  erf: {
    apply: (x) => erf(x),
    ref: (x) => Math.sign(x) * (1 - erfc(Math.abs(x))),
    samples: NEAR,
    dtypes: MOST,
    gradient: true,
  },
  exp: { apply: (x) => ops.exp(x), ref: Math.exp, samples: NEAR, dtypes: MOST, gradient: true },
  expm1: { apply: (x) => ops.expm1(x), ref: Math.expm1, samples: NEAR, dtypes: MOST, gradient: true },
  floor: { apply: (x) => ops.floor(x), ref: Math.floor, samples: NEAR, dtypes: MOST, gradient: STEPS },
  isNaN: {
    apply: (x) => ops.isNaN(x),
    ref: (x) => bool(Number.isNaN(x)),
    samples: NEAR,
    dtypes: MOST,
    gradient: BOOLS,
  },
  log: { apply: (x) => ops.log(x), ref: Math.log, samples: POSITIVE, domain: [0.1, 5], dtypes: MOST, gradient: true },
  log1p: {
    apply: (x) => ops.log1p(x),
    ref: Math.log1p,
    samples: POSITIVE,
    domain: [-0.9, 5],
    dtypes: MOST,
    gradient: true,
  },
  neg: { apply: (x) => ops.neg(x), ref: (x) => -x, samples: NEAR, dtypes: NUMBERS, gradient: true },
  reciprocal: { apply: (x) => ops.reciprocal(x), ref: (x) => 1 / x, samples: NEAR, dtypes: FLOATS, gradient: true },
  relu: { apply: (x) => ops.relu(x), ref: (x) => Math.max(x, 0), samples: NEAR, dtypes: MOST, gradient: true },
  round: { apply: (x) => ops.round(x), ref: Math.round, samples: NEAR, dtypes: MOST, gradient: STEPS },
  sigmoid: {
    apply: (x) => ops.sigmoid(x),
    ref: (x) => 1 / (1 + Math.exp(-x)),
    samples: NEAR,
    dtypes: MOST,
    gradient: true,
  },
  sign: { apply: (x) => ops.sign(x), ref: Math.sign, samples: NEAR, dtypes: MOST, gradient: STEPS },
  sin: { apply: (x) => ops.sin(x), ref: Math.sin, samples: NEAR, dtypes: MOST, within: REDUCED, gradient: true },
  softplus: {
    apply: (x) => softplus(x),
    ref: (x) => Math.log1p(Math.exp(x)),
    samples: NEAR,
    dtypes: MOST,
    gradient: true,
  },
  sqrt: {
    apply: (x) => ops.sqrt(x),
    ref: Math.sqrt,
    samples: POSITIVE,
    domain: [0.1, 5],
    dtypes: MOST,
    gradient: true,
  },
  square: { apply: (x) => ops.square(x), ref: (x) => x * x, samples: NEAR, dtypes: MOST, gradient: true },
  tanh: { apply: (x) => ops.tanh(x), ref: Math.tanh, samples: NEAR, dtypes: MOST, gradient: true },
  logicalNot: {
    apply: (x) => ops.logicalNot(x),
    ref: (x) => 1 - x,
    samples: one(0, 1),
    dtypes: ["bool"],
    gradient: BOOLS,
  },
  clip: {
    apply: (x) => ops.clip(x, -1, 2),
    ref: (x) => Math.min(Math.max(x, -1), 2),
    samples: NEAR,
    dtypes: [...FLOATS, "int32"],
    gradient: true,
  },
  identity: { apply: (x) => ops.identity(x), ref: (x) => x, samples: NEAR, dtypes: ALL, gradient: true },
  stopGradient: {
    apply: (x) => ops.stopGradient(x),
    ref: (x) => x,
    samples: NEAR,
    dtypes: ALL,
    gradient: "its gradient is nothing by definition",
  },
  cast: {
    apply: (x) => ops.cast(x, "float64"),
    ref: (x) => x,
    samples: one(1, 0, 3, 5),
    dtypes: ALL,
    gradient: true,
    shaped: (["float32", "int32", "uint8", "bool", "uint32"] as const).map((to) => ({
      shapes: [[3, 7]],
      apply: (x) => ops.cast(x, to),
      gives: [3, 7],
      smooth: to === "float32",
      // float32 would swallow small steps; of a line and its square differences are right at any step.
      step: 1,
    })),
  },
  customGradient: {
    apply: (x) =>
      customGradient(
        (y) => ops.mul(y, 2),
        (dy) => ops.mul(dy, 2),
      )(x),
    ref: (x) => 2 * x,
    samples: NEAR,
    gradient: true,
  },

  add: {
    apply: (x, y) => ops.add(x, y),
    ref: (x, y) => x + y,
    samples: PAIRS,
    dtypes: MOST,
    gradient: true,
  },
  sub: {
    apply: (x, y) => ops.sub(x, y),
    ref: (x, y) => x - y,
    samples: PAIRS,
    dtypes: MOST,
    gradient: true,
  },
  mul: {
    apply: (x, y) => ops.mul(x, y),
    ref: (x, y) => x * y,
    samples: PAIRS,
    dtypes: MOST,
    gradient: true,
  },
  div: {
    apply: (x, y) => ops.div(x, y),
    ref: (x, y) => x / y,
    samples: PAIRS,
    dtypes: FLOATS,
    gradient: true,
  },
  pow: { apply: (x, y) => ops.pow(x, y), ref: Math.pow, samples: [[0.7, 1.3], [1.2, -0.4], [2.1, 3], [0.5, 0.5]], domain: [0.2, 3], gradient: true }, // biome-ignore format: a row
  mod: { apply: (x, y) => ops.mod(x, y), ref: floorMod, samples: PAIRS, dtypes: NUMBERS, gradient: true },
  maximum: { apply: (x, y) => ops.maximum(x, y), ref: Math.max, samples: PAIRS, dtypes: MOST, gradient: true },
  minimum: { apply: (x, y) => ops.minimum(x, y), ref: Math.min, samples: PAIRS, dtypes: MOST, gradient: true },
  equal: {
    apply: (x, y) => ops.equal(x, y),
    ref: (x, y) => bool(x === y),
    samples: PAIRS,
    dtypes: ALL,
    gradient: BOOLS,
  },
  notEqual: {
    apply: (x, y) => ops.notEqual(x, y),
    ref: (x, y) => bool(x !== y),
    samples: PAIRS,
    dtypes: ALL,
    gradient: BOOLS,
  },
  less: {
    apply: (x, y) => ops.less(x, y),
    ref: (x, y) => bool(x < y),
    samples: PAIRS,
    dtypes: MOST,
    gradient: BOOLS,
  },
  lessEqual: {
    apply: (x, y) => ops.lessEqual(x, y),
    ref: (x, y) => bool(x <= y),
    samples: PAIRS,
    dtypes: MOST,
    gradient: BOOLS,
  },
  greater: {
    apply: (x, y) => ops.greater(x, y),
    ref: (x, y) => bool(x > y),
    samples: PAIRS,
    dtypes: MOST,
    gradient: BOOLS,
  },
  greaterEqual: {
    apply: (x, y) => ops.greaterEqual(x, y),
    ref: (x, y) => bool(x >= y),
    samples: PAIRS,
    dtypes: MOST,
    gradient: BOOLS,
  },
  logicalAnd: {
    apply: (x, y) => ops.logicalAnd(x, y),
    ref: (x, y) => x & y,
    samples: [
      [0, 1],
      [1, 1],
    ],
    dtypes: ["bool"],
    gradient: BOOLS,
  },
  logicalOr: {
    apply: (x, y) => ops.logicalOr(x, y),
    ref: (x, y) => x | y,
    samples: [
      [0, 1],
      [0, 0],
    ],
    dtypes: ["bool"],
    gradient: BOOLS,
  },
  where: {
    apply: (x, y, z) => ops.where(ops.greater(x, 0), y, z),
    ref: (x, y, z) => (x > 0 ? y : z),
    samples: [[1, 2, 3], [-1, 2, 3], [0.5, -1, 0.25]], // biome-ignore format: rows
    dtypes: MOST,
    gradient: true,
  },
};

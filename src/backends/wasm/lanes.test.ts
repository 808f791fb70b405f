import { describe, expect, it } from "vitest";
import "../../engine/eager.ts";
import { evaluateKernel, mapKernel, runKernel, values } from "../../../test/support/run-kernel.ts";
import type { DType } from "../../core/dtype.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { BASIC_OPS, type BasicOp, call, constant, type Expr, index, load, s } from "../../ir/expr.ts";
import { lanesFor } from "./emit-code.ts";
import { lower } from "./lower-kernel.ts";

const FLOATS: readonly DType[] = ["float32", "float64"];
const INTS: readonly DType[] = ["int32", "uint32", "uint8"];
const WORDS: readonly DType[] = ["int32", "uint32"];
const ALL: readonly DType[] = [...FLOATS, ...INTS, "bool"];
const NUMBERS = [...FLOATS, ...INTS];

/** table: the dtypes that each operation has a meaning on, and its number of arguments. */
const MEANINGS: Readonly<Record<BasicOp, readonly [dtypes: readonly DType[], count: number]>> = {
  add: [NUMBERS, 2],
  sub: [NUMBERS, 2],
  mul: [NUMBERS, 2],
  div: [FLOATS, 2],
  neg: [NUMBERS, 1],
  abs: [NUMBERS, 1],
  sqrt: [FLOATS, 1],
  min: [ALL, 2],
  max: [ALL, 2],
  floor: [NUMBERS, 1],
  ceil: [NUMBERS, 1],
  round: [NUMBERS, 1],
  trunc: [NUMBERS, 1],
  floorDiv: [INTS, 2],
  mod: [INTS, 2],
  eq: [ALL, 2],
  ne: [ALL, 2],
  lt: [ALL, 2],
  le: [ALL, 2],
  gt: [ALL, 2],
  ge: [ALL, 2],
  and: [["bool"], 2],
  or: [["bool"], 2],
  not: [["bool"], 1],
  select: [ALL, 2],
  bitAnd: [WORDS, 2],
  bitOr: [WORDS, 2],
  bitXor: [WORDS, 2],
  shiftLeft: [WORDS, 2],
  shiftRight: [WORDS, 2],
  cast: [ALL, 1],
  scaleByPowerOfTwo: [FLOATS, 2],
  exponent: [FLOATS, 1],
  mantissa: [FLOATS, 1],
};

const FINITE = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  0.1,
  3,
  255,
  256,
  -7.75,
  2 ** 23 + 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  1e10,
];

/** table: values that tell implementations apart. */
const SAMPLES: Readonly<Record<DType, readonly number[]>> = {
  float32: [
    ...FINITE,
    3.4e38,
    -3.4e38,
    1e-38,
    1e-45,
    -1e-40,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ],
  float64: [
    ...FINITE,
    1.7e308,
    -1e308,
    1e-308,
    5e-324,
    -1e-310,
    2 ** 52 + 1,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ],
  int32: [0, 1, -1, 2, 3, -3, 7, 31, 32, 255, 256, -257, 65536, 123456789, 2 ** 31 - 1, -(2 ** 31), -(2 ** 31) + 1],
  uint32: [0, 1, 2, 3, 7, 31, 32, 33, 255, 65537, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32 - 7],
  uint8: [0, 1, 2, 3, 7, 100, 127, 128, 129, 200, 254, 255],
  bool: [0, 1],
};

/** All pairs, as two columns. */
function pairs(dtype: DType, op: BasicOp): [number[], number[]] {
  const left = SAMPLES[dtype];
  // Half of the least n must still be a normal exponent.
  const [least, most] = dtype === "float32" ? [-252, 254] : [-2044, 2046];
  const right = op === "scaleByPowerOfTwo" ? [0, -0, 1, -1, 2, 3, 127, -126, 24, -149, 200, least, most] : left;
  return [left.flatMap((x) => right.map(() => x)), left.flatMap(() => [...right])];
}

/** Loads that walk by one element, which vectors can, or backwards, which they cannot. */
function operands(inputs: readonly Tensor[], forwards: boolean): Expr[] {
  return inputs.map((x, i) => load(i, x.dtype, [forwards ? index(0) : s.sub(x.size - 1, index(0))]));
}

function check(inputs: readonly Tensor[], build: (args: readonly Expr[]) => Expr, vector: boolean, what: string): void {
  const { size } = inputs[0] as Tensor;
  for (const forwards of [true, false]) {
    const kernel = mapKernel([size], inputs, [build(operands(inputs, forwards))]);
    const lowered = lower(
      kernel.shape,
      inputs.map((x) => x.shape),
      kernel.bodies,
    );
    expect(lanesFor(lowered, 0).count > 1, `${what} in vectors`).toBe(vector && forwards);
    const [got] = runKernel(kernel);
    const [want] = evaluateKernel(kernel) as [number[]];
    want.forEach((value, i) => {
      const args = inputs.map((x) => x.dataSync()[forwards ? i : size - 1 - i]);
      expect(got?.[i], `${what} of ${args.join(", ")} (${forwards ? "forwards" : "backwards"})`).toBe(value);
    });
  }
}

/** Which calls have no vector form. */
function isScalarOnly(op: BasicOp): boolean {
  return op === "floorDiv" || op === "mod" || op === "shiftLeft" || op === "shiftRight";
}

describe("every operation in scalars and in vectors means what ir/evaluate says", () => {
  for (const op of BASIC_OPS) {
    const [dtypes, count] = MEANINGS[op];
    if (op === "cast") continue;
    it.each(dtypes)(`${op} of %s`, (dtype) => {
      const [left, right] = pairs(dtype, op);
      if (op === "select") {
        const condition = values(
          "bool",
          left.map((_, i) => (i % 3) & 1),
        );
        const width = dtype === "float64" ? 2 : 4;
        check(
          [condition, values(dtype, left), values(dtype, right)],
          ([c, a, b]) => call("select", [c, a, b] as Expr[]),
          width > 1,
          op,
        );
      } else {
        const inputs = (count === 1 ? [SAMPLES[dtype]] : [left, right]).map((list) => values(dtype, list));
        check(inputs, (args) => call(op, args), !isScalarOnly(op), op);
      }
    });
  }

  for (const op of ["shiftLeft", "shiftRight"] as const) {
    it.each(WORDS)(`${op} of %s by a constant, in vectors`, (dtype) => {
      for (const distance of [0, 1, 13, 31, 32, 35]) {
        check(
          [values(dtype, SAMPLES[dtype])],
          ([x]) => call(op, [x as Expr, constant(distance, dtype)]),
          true,
          `${op} ${distance}`,
        );
      }
    });
  }

  for (const from of ALL) {
    it.each(ALL.filter((to) => to !== from))(`cast of ${from} to %s`, (to) => {
      const wide = (dtype: DType): boolean => dtype === "float64";
      const fits = from === "bool" || to === "bool" || wide(from) === wide(to);
      check([values(from, SAMPLES[from])], ([x]) => s.cast(x as Expr, to), fits, `cast to ${to}`);
    });
  }

  it.each(ALL)("constants of %s, beyond its range too", (dtype) => {
    const x = values(dtype, SAMPLES[dtype]);
    for (const value of [
      0,
      -0,
      1,
      -1,
      2 ** 31,
      -(2 ** 31),
      2 ** 32 + 5,
      1e10,
      1e300,
      0.1,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ]) {
      check([x], ([e]) => s.max(e as Expr, constant(value, dtype)), true, `max with ${value}`);
    }
  });
});

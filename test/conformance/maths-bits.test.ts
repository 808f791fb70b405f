import { expect, test } from "vitest";
import { threefry } from "../../src/core/random-key.ts";
import { MATHS_OPS } from "../../src/ir/expr.ts";
import { expansionOf } from "../support/measure-maths.ts";
import { type Floats, runOnWasm } from "../support/run-maths.ts";

const { NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number;
const SPECIAL = [
  0,
  -0,
  1,
  -1,
  POSITIVE_INFINITY,
  NEGATIVE_INFINITY,
  Number.NaN,
  88.72283,
  88.73,
  -103.9,
  709.78,
  -745,
  2 ** -149,
  -(2 ** -149),
  2 ** -126,
  2 ** -1074,
];
/** Not a multiple of any register's lanes, so that the scalar tail runs too. */
const SIZE = 4099;

/** Special values, numbers of everyday size, and arbitrary bits. */
function samples(dtype: "float32" | "float64", seed: number): Floats {
  const array = dtype === "float32" ? new Float32Array(SIZE) : new Float64Array(SIZE);
  const bits = new Uint32Array(array.buffer);
  for (let i = 0; i < bits.length; i++) bits[i] = threefry([0, seed], [0, i])[0];
  for (let i = 0; i < SIZE; i++) {
    const [sign, size] = threefry([1, seed], [0, i]);
    if (i < SPECIAL.length ** 2) array[i] = SPECIAL[(seed === 0 ? i : Math.floor(i / SPECIAL.length)) % SPECIAL.length];
    else if (i % 3 !== 0) array[i] = ((sign % 2) - 0.5) * 2 ** ((size % 4000) / 100 - 20);
    else if (i % 2 !== 0) array[i] = (sign % 21) - 10;
  }
  return array;
}

test.each((["float32", "float64"] as const).flatMap((dtype) => MATHS_OPS.map((op) => [dtype, op] as const)))(
  "%s %s: emitted code gives the bits of its definition",
  (dtype, op) => {
    const arrays = [0, 1].slice(0, op === "pow" ? 2 : 1).map((seed) => samples(dtype, seed));
    const values = runOnWasm(op, dtype, arrays);
    const right = expansionOf(dtype, op);
    const wrong: string[] = [];
    for (let i = 0; i < SIZE; i++) {
      const [a, b = 0] = arrays.map((array) => array[i]);
      if (!Object.is(values[i], right(a, b))) wrong.push(`${op}(${a}, ${b}): ${values[i]}, not ${right(a, b)}`);
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  },
);

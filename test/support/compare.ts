import { expect } from "vitest";
import type { TypedArray } from "../../src/core/dtype.ts";
import { shapeText } from "../../src/core/shape.ts";
import type { Tensor } from "../../src/graph/tensor.ts";

/** A tensor's shape, dtype and values, free of any engine. */
export interface Values {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: TypedArray;
}

export function valuesOf(x: Tensor): Values {
  return { shape: [...x.shape], dtype: x.dtype, values: x.dataSync() as TypedArray };
}

function expectSameKind(got: Values, want: Values, what: string): void {
  expect(`${got.dtype} ${shapeText(got.shape)}`, what).toBe(`${want.dtype} ${shapeText(want.shape)}`);
  expect(got.values.length, `${what}: number of values`).toBe(want.values.length);
}

/** Every value is the same to the bit; a NaN is a NaN, since its payload means nothing. */
export function expectSameBits(got: Values, want: Values, what: string): void {
  expectSameKind(got, want, what);
  const at = got.values.findIndex((x: number, i: number) => !Object.is(x, want.values[i]));
  if (at >= 0) expect.fail(`${what}: [${at}] is ${got.values[at]}, expected the bits of ${want.values[at]}`);
}

/** Every value is within `tolerance` of `scale` or of its own size; infinities, NaN and exact dtypes are equal. */
export function expectNear(got: Values, want: Values, tolerance: number, what: string, scale = 1): void {
  expectSameKind(got, want, what);
  const at = got.values.findIndex((x: number, i: number) => !isNear(x, want.values[i] as number, tolerance, scale));
  if (at >= 0) expect.fail(`${what}: [${at}] is ${got.values[at]}, expected ${want.values[at]} within ${tolerance}`);
}

export function isNear(got: number, want: number, tolerance: number, scale = 1): boolean {
  if (got === want || (Number.isNaN(got) && Number.isNaN(want))) return true;
  return Math.abs(got - want) <= tolerance * Math.max(scale, Math.abs(want));
}

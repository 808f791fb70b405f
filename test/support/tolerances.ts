import type { DType } from "../../src/core/dtype.ts";

/**
 * How far values may be from float64 mathematics, or from each other on two backends, relative to their size: the
 * error of a handful of roundings and of the functions of ir/maths. Ints and bools are exact.
 */
export const TOLERANCES: Readonly<Record<"reference" | "wasm", Readonly<Record<DType, number>>>> = {
  reference: { float32: 1e-6, float64: 4e-15, int32: 0, uint8: 0, uint32: 0, bool: 0 },
  wasm: { float32: 2e-6, float64: 1e-14, int32: 0, uint8: 0, uint32: 0, bool: 0 },
};

/** Central differences in float64 agree with gradients this well, relative to the greater of 1 and their size. */
export const GRADIENT_TOLERANCE = 2e-6;

/**
 * How far float32 values may be from Keras's in float32, relative to the greater of 1 and their size: both round, in
 * different orders and with different functions. `trajectory` is 20 steps of an optimizer.
 */
export const KERAS_TOLERANCES = { value: 2e-6, gradient: 4e-6, trajectory: 5e-7 } as const;

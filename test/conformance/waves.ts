import { type DType, isFloat } from "../../src/core/dtype.ts";
import { sizeOf } from "../../src/core/shape.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { tensor } from "../../src/ops/tensor.ts";

/** Irregular values of an interval, no two equal as floats: rounded for ints, above its middle or not for bools. */
export function waves(
  shape: readonly number[],
  dtype: DType,
  seed: number,
  [low, high]: readonly [number, number],
): Tensor {
  const values = Array.from({ length: sizeOf(shape) }, (_, i) => {
    // Rounded, as not every engine gives sin the same last bit.
    const unit = Math.round(2 ** 32 * (0.5 + 0.5 * Math.sin(1.3 + i * 3.7743883312 + seed * 1.1))) / 2 ** 32;
    if (dtype === "bool") return unit > 0.5 ? 1 : 0;
    const value = low + (high - low) * unit;
    if (isFloat(dtype)) return value;
    return dtype === "int32" ? Math.round(3 * value) : Math.round(60 * unit);
  });
  return tensor(values, { shape, dtype });
}

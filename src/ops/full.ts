import { type DType, floatx, isDType } from "../core/dtype.ts";
import { DTypeError, ValueError } from "../core/errors.ts";
import { assertShape } from "../core/shape.ts";
import type { Mutable, Shape } from "../core/shape-types.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { fill } from "./constant.ts";

interface FullOptions<D> {
  /** floatx by default; the compiler takes it for float32. */
  readonly dtype?: D;
}

function filled(where: string, shape: unknown, value: number, dtype: DType = floatx()): Tensor {
  assertShape(shape as readonly unknown[], where);
  if (!isDType(dtype)) {
    throw new DTypeError(
      `${where}: unknown dtype ${JSON.stringify(dtype)}. Use float32, float64, int32, bool, uint8 or uint32.`,
    );
  }
  if (typeof value !== "number") throw new ValueError(`${where}: expected a number to fill with, got ${typeof value}.`);
  return fill(shape as Shape, dtype === "bool" ? Number(value !== 0) : value, dtype);
}

/** Every value is `value`. It takes no memory until it is used. */
export function full<const S extends Shape, D extends DType = "float32">(
  shape: S,
  value: number,
  options: FullOptions<D> = {},
): Tensor<Mutable<S>, NoInfer<D>> {
  return filled("full", shape, value, options.dtype);
}

/** Every value is 0. */
export function zeros<const S extends Shape, D extends DType = "float32">(
  shape: S,
  options: FullOptions<D> = {},
): Tensor<Mutable<S>, NoInfer<D>> {
  return filled("zeros", shape, 0, options.dtype);
}

/** Every value is 1. */
export function ones<const S extends Shape, D extends DType = "float32">(
  shape: S,
  options: FullOptions<D> = {},
): Tensor<Mutable<S>, NoInfer<D>> {
  return filled("ones", shape, 1, options.dtype);
}

/** 0 in the shape and dtype of x. */
export function zerosLike<A extends Tensor>(x: A): Tensor<S_<A>, D_<A>> {
  return fill(x.shape, 0, x.dtype);
}

/** 1 in the shape and dtype of x. */
export function onesLike<A extends Tensor>(x: A): Tensor<S_<A>, D_<A>> {
  return fill(x.shape, 1, x.dtype);
}

import { allocate, type DType, floatx } from "../core/dtype.ts";
import { ValueError } from "../core/errors.ts";
import type { Any } from "../core/shape-types.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";

interface ArangeOptions<D> {
  /** floatx by default. */
  readonly dtype?: D;
}

/** start, start + step, ... below `stop` (above it when the step is negative); `arange(n)` counts from 0. */
export function arange<D extends DType = Any>(stop: number, options?: ArangeOptions<D>): Tensor<[number], NoInfer<D>>;
export function arange<D extends DType = Any>(
  start: number,
  stop: number,
  step?: number,
  options?: ArangeOptions<D>,
): Tensor<[number], NoInfer<D>>;
export function arange(
  first: number,
  second?: number | ArangeOptions<DType>,
  step = 1,
  options: ArangeOptions<DType> = {},
): Tensor {
  const [start, stop] = typeof second === "number" ? [first, second] : [0, first];
  const dtype = (typeof second === "object" ? second.dtype : options.dtype) ?? floatx();
  if (step === 0 || ![start, stop, step].every(Number.isFinite)) {
    throw new ValueError(`arange: expected finite numbers and a step other than 0, got (${start}, ${stop}, ${step}).`);
  }
  const size = Math.max(0, Math.ceil((stop - start) / step));
  const array = allocate(dtype, size);
  // Products, not running sums: errors do not add up.
  for (let i = 0; i < size; i++) array[i] = start + i * step;
  return hostTensor(array, [size], dtype);
}

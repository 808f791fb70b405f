import { allocate, type DType, floatx, isFloat } from "../core/dtype.ts";
import { ValueError } from "../core/errors.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";

interface ArangeOptions<D> {
  /** floatx by default; the compiler takes it for float32. */
  readonly dtype?: D;
}

/** start, start + step, ... below `stop` (above it when the step is negative); `arange(n)` counts from 0. */
export function arange<D extends DType = "float32">(
  stop: number,
  options?: ArangeOptions<D>,
): Tensor<[number], NoInfer<D>>;
export function arange<D extends DType = "float32">(
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
  if (!isFloat(dtype) && !(Number.isInteger(start) && Number.isInteger(step))) {
    throw new ValueError(
      `arange: ${dtype} holds no ${Number.isInteger(step) ? start : step}. Use a float dtype, or whole numbers.`,
    );
  }
  const size = Math.max(0, Math.ceil((stop - start) / step));
  const array = allocate(dtype, size);
  // Products, not running sums: errors do not add up.
  for (let i = 0; i < size; i++) array[i] = start + i * step;
  return hostTensor(array, [size], dtype);
}

import { allocate, type DType, floatx } from "../core/dtype.ts";
import { ValueError } from "../core/errors.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";

interface LinspaceOptions<D> {
  /** Whether `stop` is the last value (the default) or the one after it. */
  readonly endpoint?: boolean;
  /** floatx by default; the compiler takes it for float32. */
  readonly dtype?: D;
}

/** `num` evenly spaced values from `start` to `stop`. */
export function linspace<const N extends number, D extends DType = "float32">(
  start: number,
  stop: number,
  num: N,
  options: LinspaceOptions<D> = {},
): Tensor<[N], NoInfer<D>> {
  const { endpoint = true, dtype = floatx() } = options;
  if (!Number.isInteger(num) || num < 0)
    throw new ValueError(`linspace: expected num to be an integer of at least 0, got ${num}.`);
  const gaps = endpoint ? num - 1 : num;
  const array = allocate(dtype, num);
  for (let i = 0; i < num; i++) array[i] = i * ((stop - start) / gaps) + start;
  // A product may miss the end by a rounding; and one value has no gap.
  if (num === 1) array[0] = start;
  else if (endpoint && num > 1) array[num - 1] = stop;
  return hostTensor(array, [num], dtype);
}

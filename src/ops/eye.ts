import { allocate, type DType, floatx } from "../core/dtype.ts";
import { assertShape } from "../core/shape.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";

/** The n by m matrix (n by n by default) with ones on its diagonal. */
export function eye<const N extends number, const M extends number = N, D extends DType = "float32">(
  n: N,
  m?: M,
  options: { readonly dtype?: D } = {},
): Tensor<[N, M], NoInfer<D>> {
  const columns = m ?? n;
  assertShape([n, columns], "eye");
  const dtype = options.dtype ?? floatx();
  const array = allocate(dtype, n * columns);
  for (let i = 0; i < Math.min(n, columns); i++) array[i * columns + i] = 1;
  return hostTensor(array, [n, columns], dtype);
}

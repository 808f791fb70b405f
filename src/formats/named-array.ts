import type { DType, TypedArray } from "../core/dtype.ts";

/** One array of a file: row-major values under a name such as "layers/dense/vars/0". */
export interface NamedArray {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

import type { TypedArray } from "../core/dtype.ts";
import type { Variable } from "../graph/variable.ts";
import { engine } from "./engine.ts";

/** A Variable's values in the heap itself, without a copy: good until the next allocation. */
export function viewOfVariable(variable: Variable): TypedArray {
  return engine().heap.view(variable.dtype, variable["~home"].address, variable.size);
}

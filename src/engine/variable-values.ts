// tested by src/models/data-path.process.test.ts
import type { TypedArray } from "../core/dtype.ts";
import type { Variable, VariableHome } from "../graph/variable.ts";
import { engine } from "./engine.ts";

/** A Variable's values in the heap itself, without a copy: good until the next allocation. Kept until the heap grows. */
export function viewOfVariable(variable: Variable): TypedArray {
  const { heap } = engine();
  const home: VariableHome & { view?: TypedArray } = variable["~home"];
  let { view } = home;
  if (view === undefined || view.buffer !== heap.buffer) {
    view = heap.view(variable.dtype, home.address, variable.size);
    home.view = view;
  }
  return view;
}

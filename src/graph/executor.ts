import type { TypedArray } from "../core/dtype.ts";
import { StateError } from "../core/errors.ts";
import type { Node } from "./node.ts";
import type { Tensor } from "./tensor.ts";
import type { Variable, VariableHome } from "./variable.ts";

/** What runs an op at once when nothing is being traced. engine/ installs it. */
export interface Executor {
  /** Computes the node's outputs now (or leaves a lazy op for later). */
  run(node: Node): void;
  read(x: Tensor): Promise<TypedArray>;
  readSync(x: Tensor): TypedArray;
  print(x: Tensor): string;
  createVariable(variable: Variable, initial: Tensor): VariableHome;
  readVariable(variable: Variable): Tensor;
  writeVariable(variable: Variable, value: Tensor): void;
}

let installed: Executor | null = null;

export function installExecutor(executor: Executor): void {
  installed = executor;
}

export function executor(): Executor {
  if (installed === null)
    throw new StateError('no engine is installed. Import from "gradwise", not from a file inside it.');
  return installed;
}

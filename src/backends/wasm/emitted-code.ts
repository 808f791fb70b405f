// tested by src/backends/wasm/emitted-code.test.ts
import { FunctionBuilder } from "./assembler/function-builder.ts";
import type { ModuleBuilder } from "./assembler/module-builder.ts";
import type { Step } from "./step.ts";

/** Functions that are kept, by their keys; the least recently used go first. */
const LIMIT = 512;
const CODE = new Map<string, Uint8Array>();

/**
 * Adds a step's function and gives its index. Keys hold no sizes, so another batch size finds its code here. Code that
 * calls the module's other functions, by these indices, is of that module alone.
 */
export function addStep(
  module: ModuleBuilder,
  { key, params, emit }: Step,
  indices: ReadonlyMap<string, number>,
): number {
  let code = CODE.get(key);
  CODE.delete(key);
  if (code === undefined) {
    const fn = new FunctionBuilder(0, params, []);
    emit?.(fn, indices);
    code = fn.bytes();
    if (fn.callsOthers) return module.entry(params, [], code);
  }
  CODE.set(key, code);
  if (CODE.size > LIMIT) CODE.delete(CODE.keys().next().value as string);
  return module.entry(params, [], code);
}

import type { Heap } from "../backend.ts";
import { ModuleBuilder } from "./assembler/module-builder.ts";
import { HAND_MADE } from "./hand-made.ts";

const PAGE = 65536;

/** A module builder whose memory import links to this heap. */
export function moduleFor(heap: Heap): ModuleBuilder {
  return new ModuleBuilder({ memory: { shared: heap.shared, minimum: 1, maximum: heap.maximumBytes / PAGE } });
}

export type Kernel = (...args: number[]) => void;

const MODULES = new Map<string, WebAssembly.Module>();
const INSTANCES = new WeakMap<Heap, Readonly<Record<string, Kernel>>>();

/** The hand-made kernels on a heap: one instance, which all its programs and eager calls share. */
export function kernelsOf(heap: Heap): Readonly<Record<string, Kernel>> {
  let kernels = INSTANCES.get(heap);
  if (kernels === undefined) {
    const instance = new WebAssembly.Instance(moduleOf(heap), { env: { memory: heap.memory } });
    kernels = instance.exports as unknown as Readonly<Record<string, Kernel>>;
    INSTANCES.set(heap, kernels);
  }
  return kernels;
}

function moduleOf(heap: Heap): WebAssembly.Module {
  const key = `${heap.shared} ${heap.maximumBytes}`;
  let module = MODULES.get(key);
  if (module === undefined) {
    const builder = moduleFor(heap);
    for (const made of Object.values(HAND_MADE)) made.add(builder);
    module = new WebAssembly.Module(builder.bytes());
    MODULES.set(key, module);
  }
  return module;
}

import { InternalError } from "../../core/errors.ts";
import type { Heap } from "../backend.ts";
import { ModuleBuilder } from "./assembler/module-builder.ts";
import { HAND_MADE, type HandMade } from "./hand-made.ts";
import { type KernelProfile, NATIVE } from "./kernel-profile.ts";

const PAGE = 65536;

/** A module builder whose memory import links to this heap. */
export function moduleFor(heap: Heap): ModuleBuilder {
  return new ModuleBuilder({ memory: { shared: heap.shared, minimum: 1, maximum: heap.maximumBytes / PAGE } });
}

export type Kernel = (...args: number[]) => void;

const MODULES = new Map<string, WebAssembly.Module>();
const INSTANCES = new WeakMap<Heap, Map<string, WebAssembly.Exports>>();

/** The module that exports a hand-made kernel, and its key: for workers, which make instances of their own. */
export function handMadeModule(
  heap: Heap,
  profile: KernelProfile,
  name: string,
): readonly [key: string, module: WebAssembly.Module] {
  const [prefix, add] = moduleWith(name);
  const key = `${prefix} ${profile.key}`;
  return [key, moduleOf(heap, key, (module) => add(module, profile))];
}

/** A hand-made kernel on a heap: one instance a profile, which all its programs and eager calls share. */
export function handMadeKernel(heap: Heap, profile: KernelProfile, name: string): Kernel {
  const { native } = profile;
  if (native !== undefined && name.startsWith(NATIVE)) return native.kernel(name, heap.memory);
  const [key, module] = handMadeModule(heap, profile, name);
  let instances = INSTANCES.get(heap);
  if (instances === undefined) {
    instances = new Map();
    INSTANCES.set(heap, instances);
  }
  let exports = instances.get(key);
  if (exports === undefined) {
    exports = new WebAssembly.Instance(module, { env: { memory: heap.memory } }).exports;
    instances.set(key, exports);
  }
  return exports[name] as Kernel;
}

function moduleWith(name: string): [string, HandMade["modules"][string]] {
  for (const made of Object.values(HAND_MADE)) {
    for (const entry of Object.entries(made.modules)) if (name.startsWith(entry[0])) return entry;
  }
  throw new InternalError(`no hand-made module exports "${name}"`);
}

function moduleOf(heap: Heap, name: string, add: (module: ModuleBuilder) => void): WebAssembly.Module {
  const key = `${name} ${heap.shared} ${heap.maximumBytes}`;
  let module = MODULES.get(key);
  if (module === undefined) {
    const builder = moduleFor(heap);
    add(builder);
    module = new WebAssembly.Module(builder.bytes());
    MODULES.set(key, module);
  }
  return module;
}

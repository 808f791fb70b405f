import type { Heap } from "../backend.ts";
import type { Argument } from "./emit-loops.ts";
import { handMadeKernel, type Kernel, moduleFor } from "./kernel-module.ts";
import type { KernelProfile } from "./kernel-profile.ts";
import type { Step } from "./step.ts";
import type { Lowering } from "./wasm-backend.ts";

/** Kernels are kept by their code, which knows no sizes; the least recently used go first. */
const LIMIT = 1024;
const CACHES = new WeakMap<Heap, Map<string, Kernel>>();

/** Runs calls from JavaScript, one kernel after the other. */
export function bindCalls(heap: Heap, { parts, plan, profile }: Lowering, bases: readonly number[]): (() => void)[] {
  const address = (arg: Argument) => (typeof arg === "number" ? arg : bases[arg.base] + arg.offset);
  return parts.map((calls, part) => {
    const ready = calls.map(({ step, args }) => ({ kernel: kernelOf(heap, profile, step), args: args.map(address) }));
    const copies = part === parts.length - 1 ? plan.copies : [];
    return () => {
      for (const { kernel, args } of ready) kernel(...args);
      for (const { from, to, bytes } of copies) {
        const memory = heap.view("uint8", 0, heap.memory.buffer.byteLength);
        memory.copyWithin(address(to), address(from), address(from) + bytes);
      }
    };
  });
}

function kernelOf(heap: Heap, profile: KernelProfile, step: Step): Kernel {
  if (step.emit === null) return handMadeKernel(heap, profile, step.key);
  let cache = CACHES.get(heap);
  if (cache === undefined) {
    cache = new Map();
    CACHES.set(heap, cache);
  }
  const known = cache.get(step.key);
  if (known !== undefined) {
    cache.delete(step.key);
    cache.set(step.key, known);
    return known;
  }
  const builder = moduleFor(heap);
  step.emit(builder.func([...step.params], [], "run"));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(builder.bytes()), { env: { memory: heap.memory } });
  const kernel = instance.exports["run"] as Kernel;
  cache.set(step.key, kernel);
  if (cache.size > LIMIT) cache.delete(cache.keys().next().value as string);
  return kernel;
}

import type { Heap } from "../backend.ts";
import type { Argument } from "./emit-loops.ts";
import { handMadeKernel, handMadeModule, type Kernel, moduleFor } from "./kernel-module.ts";
import type { KernelProfile } from "./kernel-profile.ts";
import type { Step } from "./step.ts";
import { addPartFunction, blockBytes, blockWords, type RunPart } from "./threads/part-call.ts";
import { type PartedProgram, poolOf } from "./threads/pool.ts";
import type { Call, Lowering } from "./wasm-backend.ts";

/** Kernels are kept by their code, which knows no sizes; the least recently used go first. */
const LIMIT = 1024;
const CACHES = new WeakMap<Heap, Map<string, EagerKernel>>();

interface EagerKernel {
  readonly kernel: Kernel;
  /** What runs a part of it, where a call was parted. */
  readonly part: { readonly run: RunPart; readonly program: PartedProgram } | null;
}

type AddressOf = (arg: Argument) => number;

/** Runs calls from JavaScript, one kernel after the other. */
export function bindCalls(heap: Heap, { parts, plan, profile }: Lowering, bases: readonly number[]): (() => void)[] {
  const address: AddressOf = (arg) => (typeof arg === "number" ? arg : bases[arg.base] + arg.offset);
  return parts.map((calls, part) => {
    const ready = calls.map((call) => callOf(heap, profile, call, address));
    const copies = part === parts.length - 1 ? plan.copies : [];
    return () => {
      for (const run of ready) run();
      for (const { from, to, bytes } of copies) {
        const memory = heap.view("uint8", 0, heap.memory.buffer.byteLength);
        memory.copyWithin(address(to), address(from), address(from) + bytes);
      }
    };
  });
}

function callOf(heap: Heap, profile: KernelProfile, { step, args, parted }: Call, addressOf: AddressOf): () => void {
  const { kernel, part } = kernelOf(heap, profile, step, parted !== null);
  if (parted === null || part === null || heap.threads === null) {
    const values = args.map(addressOf);
    return () => kernel(...values);
  }
  const pool = poolOf(heap, heap.threads);
  const { cost } = parted.division;
  const words = blockWords(parted, addressOf);
  return () => {
    const address = heap.allocate(words.length * 4);
    heap.view("uint32", address, words.length).set(words);
    try {
      pool.enter(cost);
      pool.run({ ...part, kernel: 0, cost, address, bytes: blockBytes(parted), parts: parted.parts });
    } finally {
      heap.free(address);
    }
  };
}

function kernelOf(heap: Heap, profile: KernelProfile, step: Step, parted: boolean): EagerKernel {
  if (step.emit === null && !parted) return { kernel: handMadeKernel(heap, profile, step.key), part: null };
  let cache = CACHES.get(heap);
  if (cache === undefined) {
    cache = new Map();
    CACHES.set(heap, cache);
  }
  const key = parted ? `${step.key} ${profile.key} in parts` : step.key;
  const kernel = cache.get(key) ?? makeKernel(heap, profile, step, parted);
  cache.delete(key);
  cache.set(key, kernel);
  if (cache.size > LIMIT) cache.delete(cache.keys().next().value as string);
  return kernel;
}

function makeKernel(heap: Heap, profile: KernelProfile, step: Step, parted: boolean): EagerKernel {
  const builder = moduleFor(heap);
  const imports = { env: { memory: heap.memory }, kernels: {} };
  let index: number;
  if (step.emit === null) {
    index = builder.importFunction("kernels", step.key, [...step.params], []);
    imports.kernels = { [step.key]: handMadeKernel(heap, profile, step.key) };
  } else {
    const fn = builder.func([...step.params], [], "run");
    step.emit(fn);
    index = fn.index;
  }
  if (parted) addPartFunction(builder, "part0", index, step);
  const module = new WebAssembly.Module(builder.bytes());
  const { exports } = new WebAssembly.Instance(module, imports);
  const kernel = step.emit === null ? handMadeKernel(heap, profile, step.key) : (exports["run"] as Kernel);
  if (!parted) return { kernel, part: null };
  const handMade = step.emit === null ? [handMadeModule(heap, profile, step.key)] : [];
  return { kernel, part: { run: exports["part0"] as RunPart, program: { module, handMade, count: 1 } } };
}

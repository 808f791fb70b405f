import type { LoopId } from "../../graph/passes/plan-memory.ts";
import type { Heap } from "../backend.ts";
import { type Call, isParted, type KernelCall, type LoopCall, type PartedCall } from "./call.ts";
import type { Argument } from "./emit-loops.ts";
import { handMadeKernel, handMadeModule, type Kernel, moduleFor } from "./kernel-module.ts";
import type { KernelProfile } from "./kernel-profile.ts";
import type { Lowering } from "./lower-graph.ts";
import type { Step } from "./step.ts";
import type { RunPart } from "./threads/part-call.ts";
import type { PartedProgram } from "./threads/pool.ts";
import { threading } from "./threads/threading.ts";

/** Kernels are kept by their code, which knows no sizes; the least recently used go first. */
const LIMIT = 1024;
const CACHES = new WeakMap<Heap, Map<string, EagerKernel>>();

interface EagerKernel {
  readonly kernel: Kernel;
  /** What runs a part of it, where a call is shared. */
  readonly part: { readonly run: RunPart; readonly program: PartedProgram } | null;
}

/** Runs calls from JavaScript, one kernel after the other. */
export function bindCalls(heap: Heap, { parts, profile }: Lowering, bases: readonly number[]): (() => void)[] {
  return parts.map((calls) => new Runner(heap, profile, bases).bind(calls));
}

class Runner {
  readonly #heap: Heap;
  readonly #profile: KernelProfile;
  readonly #bases: readonly number[];
  readonly #rounds = new Map<LoopId, number>();

  constructor(heap: Heap, profile: KernelProfile, bases: readonly number[]) {
    this.#heap = heap;
    this.#profile = profile;
    this.#bases = bases;
  }

  bind(calls: readonly Call[]): () => void {
    const ready = calls.map((call) => this.#ready(call));
    return () => {
      for (const run of ready) run();
    };
  }

  #ready(call: Call): () => void {
    switch (call.kind) {
      case "kernel":
        if (isParted(call)) return this.#shared(call);
        return this.#whole(call);
      case "copy":
        return () => {
          const [from, to] = [this.#address(call.from), this.#address(call.to)];
          this.#bytes().copyWithin(to, from, from + this.#address(call.bytes));
        };
      case "loop":
        return this.#loop(call);
      case "branch": {
        const [ifTrue, ifFalse] = [this.bind(call.ifTrue), this.bind(call.ifFalse)];
        return () => (this.#bytes()[this.#address(call.test)] === 0 ? ifFalse() : ifTrue());
      }
    }
  }

  #whole({ step, args }: KernelCall): () => void {
    const { kernel } = kernelOf(this.#heap, this.#profile, step, null);
    const addresses = (): number[] => args.map((arg) => this.#address(arg));
    if (args.some((arg) => typeof arg !== "number" && arg.walks !== undefined)) return () => kernel(...addresses());
    const fixed = addresses();
    return () => kernel(...fixed);
  }

  #shared(call: PartedCall): () => void {
    const heap = this.#heap;
    const { part } = kernelOf(heap, this.#profile, call.step, call);
    if (part === null || heap.threads === null) return this.#whole(call);
    const { poolOf, blockWords, blockLength } = threading();
    const pool = poolOf(heap, heap.threads);
    const { parts, division } = call.parting;
    return () => {
      const words = blockWords(call, (arg) => this.#address(arg));
      const address = heap.allocate(words.length * 4);
      heap.view("uint32", address, words.length).set(words);
      try {
        pool.enter(division.cost);
        pool.run({ ...part, kernel: 0, cost: division.cost, address, bytes: blockLength(call) * 4, parts });
      } finally {
        heap.free(address);
      }
    };
  }

  #loop({ loop, rounds, reverse, calls }: LoopCall): () => void {
    const round = this.bind(calls);
    const count = this.#address(rounds);
    return () => {
      for (let i = 0; i < count; i++) {
        this.#rounds.set(loop, reverse ? count - 1 - i : i);
        round();
      }
    };
  }

  #address(arg: Argument): number {
    if (typeof arg === "number") return arg;
    const walked = (arg.walks ?? []).reduce((sum, { loop, bytes }) => sum + bytes * (this.#rounds.get(loop) ?? 0), 0);
    return this.#bases[arg.base] + arg.offset + walked;
  }

  #bytes(): Uint8Array {
    return this.#heap.view("uint8", 0, this.#heap.memory.buffer.byteLength) as Uint8Array;
  }
}

/** A kernel, with what runs one part of it where a call is given that is shared. */
function kernelOf(heap: Heap, profile: KernelProfile, step: Step, parted: PartedCall | null): EagerKernel {
  if (step.emit === null && parted === null) return { kernel: handMadeKernel(heap, profile, step.key), part: null };
  let cache = CACHES.get(heap);
  if (cache === undefined) {
    cache = new Map();
    CACHES.set(heap, cache);
  }
  const key = parted === null ? step.key : `${step.key} ${profile.key} in parts`;
  const kernel = cache.get(key) ?? makeKernel(heap, profile, step, parted);
  cache.delete(key);
  cache.set(key, kernel);
  if (cache.size > LIMIT) cache.delete(cache.keys().next().value as string);
  return kernel;
}

function makeKernel(heap: Heap, profile: KernelProfile, step: Step, parted: PartedCall | null): EagerKernel {
  const builder = moduleFor(heap);
  const handMade = step.emit === null ? handMadeKernel(heap, profile, step.key) : null;
  let index: number;
  if (step.emit === null) {
    index = builder.importFunction("kernels", step.key, [...step.params], []);
  } else {
    const fn = builder.func([...step.params], [], "run");
    step.emit(fn, new Map());
    index = fn.index;
  }
  if (parted !== null) threading().addPartFunction(builder, "part0", index, parted);
  const module = new WebAssembly.Module(builder.bytes());
  const kernels = handMade === null ? {} : { [step.key]: handMade };
  const { exports } = new WebAssembly.Instance(module, { env: { memory: heap.memory }, kernels });
  const kernel = handMade ?? (exports["run"] as Kernel);
  if (parted === null) return { kernel, part: null };
  const modules = handMade === null ? [] : [handMadeModule(heap, profile, step.key)];
  return { kernel, part: { run: exports["part0"] as RunPart, program: { module, handMade: modules, count: 1 } } };
}

import type { LoopId } from "../../graph/passes/plan-memory.ts";
import type { Heap } from "../backend.ts";
import type { Call, LoopCall } from "./call.ts";
import type { Argument } from "./emit-loops.ts";
import { handMadeKernel, type Kernel, moduleFor } from "./kernel-module.ts";
import type { KernelProfile } from "./kernel-profile.ts";
import type { Lowering } from "./lower-graph.ts";
import type { Step } from "./step.ts";

/** Kernels are kept by their code, which knows no sizes; the least recently used go first. */
const LIMIT = 1024;
const CACHES = new WeakMap<Heap, Map<string, Kernel>>();

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
      case "kernel": {
        const kernel = kernelOf(this.#heap, this.#profile, call.step);
        if (call.args.some((arg) => typeof arg !== "number" && arg.walks !== undefined))
          return () => kernel(...call.args.map((arg) => this.#address(arg)));
        const args = call.args.map((arg) => this.#address(arg));
        return () => kernel(...args);
      }
      case "copy":
        return () => {
          const [from, to] = [this.#address(call.from), this.#address(call.to)];
          this.#bytes().copyWithin(to, from, from + call.bytes);
        };
      case "loop":
        return this.#loop(call);
      case "branch": {
        const [ifTrue, ifFalse] = [this.bind(call.ifTrue), this.bind(call.ifFalse)];
        return () => (this.#bytes()[this.#address(call.test)] === 0 ? ifFalse() : ifTrue());
      }
    }
  }

  #loop({ loop, rounds, reverse, calls }: LoopCall): () => void {
    const round = this.bind(calls);
    return () => {
      for (let i = 0; i < rounds; i++) {
        this.#rounds.set(loop, reverse ? rounds - 1 - i : i);
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

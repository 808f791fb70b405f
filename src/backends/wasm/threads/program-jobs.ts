// tested by test/conformance/threads.test.ts
import type { Heap } from "../../backend.ts";
import type { Call, PartedCall } from "../call.ts";
import type { Argument } from "../emit-loops.ts";
import { blockLength, blockWords, type RunPart } from "./part-call.ts";
import { type Job, type PartedProgram, type Pool, poolOf } from "./pool.ts";
import { SharingTrial } from "./sharing-trial.ts";

/** What a program's driver imports. */
export interface JobImports {
  /** Runs a parted call, by its number. */
  run(job: number): void;
  /** Tells where an argument of a call in a loop lies in this round. */
  walk(job: number, argument: number, address: number): void;
}

/** The parted calls of a program on some bases. */
export class ProgramJobs {
  readonly imports: JobImports = {
    run: (job) => this.#pool?.run(this.#jobs[job], this.#shares),
    walk: (job, argument, address) => this.#walk(job, argument, address),
  };
  /** What lies in the program's table behind the bases: all blocks of arguments. */
  readonly words: readonly number[];
  readonly #pool: Pool | null;
  readonly #calls: readonly PartedCall[];
  /** Where each call's blocks begin among the words. */
  readonly #starts: readonly number[];
  #jobs: readonly Job[] = [];
  #shares = true;
  #memory: Uint32Array<ArrayBufferLike> = new Uint32Array();

  constructor(heap: Heap, calls: readonly PartedCall[], addressOf: (arg: Argument) => number) {
    this.#pool = heap.threads === null || calls.length === 0 ? null : poolOf(heap, heap.threads);
    this.#calls = calls;
    const words: number[] = [];
    this.#starts = calls.map((call) => {
      const start = words.length;
      for (const word of blockWords(call, addressOf)) words.push(word);
      return start;
    });
    this.words = words;
  }

  /** Once the program has an instance, and the words lie at `address`. Shared memory keeps its views when it grows. */
  ready(
    heap: Heap,
    program: PartedProgram & { readonly partKeys: readonly string[] },
    exports: WebAssembly.Exports,
    address: number,
  ): void {
    this.#memory = heap.view("uint32", address, this.words.length) as Uint32Array;
    this.#jobs = this.#calls.map((call, at) => {
      const { parts, division } = call.parting;
      const kernel = program.partKeys.indexOf(call.step.key);
      const run = exports[`part${kernel}`] as RunPart;
      const [from, bytes] = [address + this.#starts[at] * 4, blockLength(call) * 4];
      return { program, kernel, run, cost: division.cost, address: from, bytes, parts };
    });
  }

  /** A run of these calls, with what the pool wants to know before it. */
  entered(calls: readonly Call[], run: () => void): () => void {
    const pool = this.#pool;
    const cost = costOf(calls);
    if (pool === null || cost === 0) return run;
    const trial = new SharingTrial();
    return () => {
      const shared = this.#shares;
      this.#shares = trial.begin(pool.hasWorkers);
      // Workers that slept while the caller was alone are woken at once.
      if (this.#shares) pool.enter(shared ? cost : Number.POSITIVE_INFINITY);
      run();
      trial.end();
    };
  }

  #walk(job: number, argument: number, address: number): void {
    const call = this.#calls[job];
    const length = blockLength(call);
    const first = this.#starts[job] + argument;
    // Parts keep their distance from the first, which begins where the call does, and so does the whole.
    const moved = address - this.words[first];
    for (let part = 0; part <= call.parting.parts; part++) {
      const at = first + part * length;
      this.#memory[at] = this.words[at] + moved;
    }
  }
}

/** What the parted calls cost one thread together. */
function costOf(calls: readonly Call[]): number {
  return calls.reduce((sum, call) => {
    if (call.kind === "kernel") return sum + (call.parting?.division.cost ?? 0);
    if (call.kind === "loop")
      return sum + (call.shared?.parting.division.cost ?? Number(call.rounds) * costOf(call.calls));
    return call.kind === "branch" ? sum + Math.max(costOf(call.ifTrue), costOf(call.ifFalse)) : sum;
  }, 0);
}

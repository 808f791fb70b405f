import { ThreadError } from "../../../core/errors.ts";
import type { Heap, Threads, ThreadWorker } from "../../backend.ts";
import type { RunPart } from "./part-call.ts";
import { CLAIMS, firstPartOf, WORDS, WORKER_SOURCE } from "./worker-source.ts";

/** What workers need to run parts: a module that exports part0, part1 ..., and the hand-made kernels it imports. */
export interface PartedProgram {
  readonly module: WebAssembly.Module;
  readonly handMade: readonly (readonly [key: string, module: WebAssembly.Module])[];
  /** How many parts' functions it exports. */
  readonly count: number;
}

/** A divided call, ready to run. */
export interface Job {
  readonly program: PartedProgram;
  /** Which of the program's functions, and the caller's instance of it. */
  readonly kernel: number;
  readonly run: RunPart;
  readonly cost: number;
  /** Where the parts' blocks lie, and how far apart; behind them lies that of the whole. */
  readonly address: number;
  readonly bytes: number;
  readonly parts: number;
}

/** To wake a sleeping worker costs the caller some 10 us: so only for this much work, ahead or in a row. */
const WAKE = 300_000;
/** Looks at the counter before the caller sleeps: about 0.1 ms. */
const SPINS = 10_000;
/** Milliseconds without a finished part after which a worker counts as dead. */
const PATIENCE = 60_000;

const POOLS = new WeakMap<Heap, Pool>();
/** Workers hold the memory: they end when nobody has the heap any more. */
const STOPPED = new FinalizationRegistry<Set<ThreadWorker>>((workers) => {
  for (const worker of workers) worker.stop();
});

/** The pool of a heap that has threads. */
export function poolOf(heap: Heap, threads: Threads): Pool {
  let pool = POOLS.get(heap);
  if (pool === undefined) {
    pool = new Pool(heap, threads);
    POOLS.set(heap, pool);
  }
  return pool;
}

/** The workers of one heap, started when enough work has been seen that they are worth it. */
export class Pool {
  readonly #threads: Threads;
  readonly #memory: WebAssembly.Memory;
  readonly #control: number;
  readonly #words: Int32Array<ArrayBufferLike>;
  readonly #workers = new Set<ThreadWorker>();
  readonly #numbers = new WeakMap<WebAssembly.Module, number>();
  /** Workers forget a program when the caller has. */
  readonly #forgotten = new FinalizationRegistry<number>((id) => this.#post({ id }));
  readonly #patience: number;
  #programs = 0;
  #turn = 0;
  /** Work that came by since workers were last started or woken. */
  #seen = 0;
  #started = false;

  constructor(heap: Heap, threads: Threads, patience: number = PATIENCE) {
    this.#threads = threads;
    this.#memory = heap.memory;
    this.#patience = patience;
    const count = CLAIMS + threads.count;
    this.#control = heap.allocate(count * 4);
    this.#words = new Int32Array(heap.memory.buffer, this.#control, count);
    this.#words.fill(0);
    STOPPED.register(heap, this.#workers);
  }

  /** To be called before a program runs whose jobs cost this much together. */
  enter(cost: number): void {
    this.#seen += cost;
    if (this.#seen < (this.#started ? WAKE : this.#threads.startAfter)) return;
    this.#seen = 0;
    if (this.#started) this.#wake();
    else this.#start();
  }

  get hasWorkers(): boolean {
    return this.#workers.size > 0;
  }

  /** Runs a job: where it is shared, part by part with those workers that are awake and know its program. */
  run(job: Job, shares = true): void {
    if (!shares || !this.hasWorkers) {
      job.run(job.address + job.parts * job.bytes, 0);
      return;
    }
    this.#publish(job);
    let own = 0;
    try {
      for (let part = this.#claim(job); part >= 0; part = this.#claim(job)) {
        own++;
        job.run(job.address + part * job.bytes, 0);
      }
    } catch (error) {
      while (this.#claim(job) >= 0) own++; // nobody is to compute what is left
      this.#join(job.parts - own);
      throw error;
    }
    this.#join(job.parts - own);
    if (Atomics.load(this.#words, WORDS.failed) !== 0) {
      throw new ThreadError("a kernel failed in a worker thread, and its results are not whole. Please report it.");
    }
  }

  #publish({ program, kernel, address, bytes, parts, cost }: Job): void {
    const words = this.#words;
    words[WORDS.program] = this.#numberOf(program);
    words[WORDS.kernel] = kernel;
    words[WORDS.address] = address;
    words[WORDS.bytes] = bytes;
    words[WORDS.parts] = parts;
    Atomics.store(words, WORDS.done, 0);
    Atomics.store(words, WORDS.joining, 0);
    Atomics.store(words, WORDS.failed, 0);
    this.#turn = (this.#turn + 1) & 0xffffff;
    const { count } = this.#threads;
    for (let thread = 0; thread < count; thread++) {
      const own = firstPartOf(thread + 1, parts, count) - firstPartOf(thread, parts, count);
      Atomics.store(words, CLAIMS + thread, (this.#turn << 8) | own);
    }
    Atomics.store(words, WORDS.turn, this.#turn);
    if (cost >= WAKE) this.#wake();
  }

  /** The next part that nobody has, the caller's own first; -1 when there is none. */
  #claim({ parts }: Job): number {
    const words = this.#words;
    const { count } = this.#threads;
    for (let thread = 0; thread < count; thread++) {
      for (;;) {
        const word = Atomics.load(words, CLAIMS + thread);
        const left = word & 255;
        if (left === 0) break;
        if (Atomics.compareExchange(words, CLAIMS + thread, word, word - 1) === word)
          return firstPartOf(thread + 1, parts, count) - left;
      }
    }
    return -1;
  }

  /** Waits until workers have finished so many parts. */
  #join(parts: number): void {
    const words = this.#words;
    for (let spins = 0; spins < SPINS; spins++) if (Atomics.load(words, WORDS.done) >= parts) return;
    let last = -1;
    let since = 0;
    Atomics.store(words, WORDS.joining, 1);
    for (;;) {
      const done = Atomics.load(words, WORDS.done);
      if (done >= parts) return;
      const now = performance.now();
      if (done !== last) since = now;
      else if (now - since > this.#patience) this.#abandon();
      last = done;
      if (mayWait()) Atomics.wait(words, WORDS.done, done, 1000);
    }
  }

  /** A part that never ends: whoever computes it must not write any more. */
  #abandon(): never {
    for (const worker of this.#workers) worker.stop();
    this.#workers.clear();
    this.#threads.failed("a worker stopped answering");
    throw new ThreadError(
      "a worker thread stopped in the middle of a step (the system may have ended it), so that the step's results are " +
        "not whole. Load the weights anew; from now on one thread computes.",
    );
  }

  /** Sleepers look again. One that is about to sleep has seen neither the job nor this, and is not missed. */
  #wake(): void {
    if (Atomics.load(this.#words, WORDS.sleepers) === 0) return;
    Atomics.add(this.#words, WORDS.event, 1);
    Atomics.notify(this.#words, WORDS.event);
  }

  #numberOf({ module, handMade, count }: PartedProgram): number {
    let id = this.#numbers.get(module);
    if (id === undefined) {
      id = this.#programs++;
      this.#numbers.set(module, id);
      this.#post({ id, module, handMade, count });
      this.#forgotten.register(module, id);
    }
    return id;
  }

  #post(message: unknown): void {
    for (const worker of this.#workers) worker.post(message);
    Atomics.add(this.#words, WORDS.mail, 1);
    Atomics.add(this.#words, WORDS.event, 1);
    Atomics.notify(this.#words, WORDS.event);
  }

  #start(): void {
    this.#started = true;
    const workers = this.#workers;
    const threads = this.#threads;
    for (let thread = 1; thread < threads.count; thread++) {
      // What a worker's events refer to lives as long as it does: so not the pool.
      const worker = threads.start(WORKER_SOURCE, (reason) => {
        if (worker !== null && workers.delete(worker) && workers.size === 0) threads.failed(reason);
      });
      if (worker === null) break;
      workers.add(worker);
      worker.post({ memory: this.#memory, control: this.#control, self: thread, threads: threads.count });
    }
  }
}

let waits: boolean | null = null;

/** A page's main thread must not wait. */
function mayWait(): boolean {
  if (waits === null) {
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
      waits = true;
    } catch {
      waits = false;
    }
  }
  return waits;
}

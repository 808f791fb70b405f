import type { Backend } from "../backends/backend.ts";
import { wasmBackend } from "../backends/wasm/wasm-backend.ts";
import { StateError } from "../core/errors.ts";
import { EngineHeap } from "./heap.ts";
import { EngineThreads, threadCount } from "./threads.ts";

export interface EngineOptions {
  /** WebAssembly by default; `referenceBackend` is a plain interpreter, slow and obviously right. */
  readonly backend?: Backend;
  /** Whether the heap is shared memory; by default wherever the platform has SharedArrayBuffer. */
  readonly shared?: boolean;
  /** The heap's limit in bytes, at most 4 GiB less one page. */
  readonly maximumBytes?: number;
  /** How many threads compute, the caller's with them; by default ("auto") one a processor, at most eight. */
  readonly threads?: number | "auto";
}

const MAXIMUM_BYTES = 65535 * 65536;

/** A backend, its heap, and the one arena in which its programs compute. */
export class Engine {
  readonly backend: Backend;
  readonly heap: EngineHeap;
  readonly #threads: EngineThreads | null;
  #arena = 0;
  #arenaBytes = 0;

  constructor(options: EngineOptions = {}) {
    this.backend = options.backend ?? wasmBackend;
    const shared = options.shared ?? hasSharedMemory();
    const count = threadCount(options.threads);
    this.#threads = shared && hasSharedMemory() && count > 1 ? new EngineThreads(count) : null;
    this.heap = new EngineHeap({
      shared,
      maximumBytes: Math.min(options.maximumBytes ?? MAXIMUM_BYTES, MAXIMUM_BYTES),
      threads: this.#threads,
    });
  }

  /** The arena's address, after making it at least this large. It may move. */
  arena(bytes: number): number {
    if (bytes > this.#arenaBytes) {
      this.releaseArena();
      this.#arena = this.heap.allocate(bytes);
      this.#arenaBytes = bytes;
      // Pages that were never written are slow on first use, inside a step.
      this.heap.view("uint8", this.#arena, bytes).fill(0);
    }
    return this.#arena;
  }

  /** Gives the arena's memory back; the next run takes it anew. */
  releaseArena(): void {
    this.heap.free(this.#arena);
    this.#arena = 0;
    this.#arenaBytes = 0;
  }

  /** The largest arena that there is room for now. */
  largestArena(): number {
    this.releaseArena();
    return this.heap.largestFree;
  }

  /** What was chosen and why. */
  describe(): string {
    const { shared, memory } = this.heap;
    const size = (memory.buffer.byteLength / 2 ** 20).toFixed(1);
    const heap = shared ? "shared memory" : "unshared memory (SharedArrayBuffer is not available or was not asked for)";
    return `backend ${this.backend.name}; heap of ${size} MiB in ${heap}; threads ${this.#threads?.describe() ?? "1"}; profile exact (multiply and add)`;
  }
}

/** Without cross-origin isolation browsers hide SharedArrayBuffer. */
function hasSharedMemory(): boolean {
  return typeof SharedArrayBuffer !== "undefined";
}

let current: Engine | null = null;

/** The engine that runs everything; made on first use. */
export function engine(): Engine {
  current ??= new Engine();
  return current;
}

/** Chooses backend and heap. Call it before anything is computed: Variables do not move between heaps. */
export function configure(options: EngineOptions): void {
  if (current !== null && current.heap.usedBytes > 0) {
    throw new StateError(
      "engine.configure: the engine is in use already. Configure it before the first tensor or model.",
    );
  }
  current = new Engine(options);
}

/** Runs `body` with another engine current: for tests that compare backends and heaps. */
export function withEngine<T>(other: Engine, body: () => T): T {
  const before = current;
  current = other;
  try {
    return body();
  } finally {
    current = before;
  }
}

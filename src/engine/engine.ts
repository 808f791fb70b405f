import { nativeProducts, setting, widenVectors } from "#platform";
import type { Backend, Executable, KernelChoice, Profile } from "../backends/backend.ts";
import { wasmBackend } from "../backends/wasm/wasm-backend.ts";
import { lookUp, StateError } from "../core/errors.ts";
import type { Graph } from "../graph/node.ts";
import { EngineHeap } from "./heap.ts";
import { EngineThreads } from "./threads.ts";

export interface EngineOptions {
  /** WebAssembly by default; `referenceBackend` is a plain interpreter, slow and obviously right. */
  readonly backend?: Backend;
  /** Whether the heap is shared memory; by default wherever the platform has SharedArrayBuffer. */
  readonly shared?: boolean;
  /** The heap's limit in bytes, at most 4 GiB less one page. */
  readonly maximumBytes?: number;
  /**
   * "fast" (default): the best kernels that this machine has, so the last bits of results may differ from another
   * machine's. "exact": the same bits on every machine. GRADWISE_PROFILE in the environment says it too.
   */
  readonly profile?: Profile;
  /**
   * Vectors of 256 bits, where Node can do them (from 24 on): off by default, as it sets a V8 flag for the whole
   * process. GRADWISE_WIDE=1 in the environment asks for it too. It changes no bits.
   */
  readonly wide?: boolean;
  /**
   * Large products by an installed BLAS, in Node with the package koffi: true looks for one, text names a library. Never
   * in profile "exact". GRADWISE_BLAS, 1 or a library, asks for it too.
   */
  readonly blas?: boolean | string;
  /** How many threads compute, the caller's with them; by default ("auto") one a processor, at most eight. GRADWISE_THREADS says it too. */
  readonly threads?: number | "auto";
}

const PROFILES: { readonly [P in Profile]: P } = { exact: "exact", fast: "fast" };
const MAXIMUM_BYTES = 65535 * 65536;

/** A backend, its heap, and the one arena in which its programs compute. */
export class Engine {
  readonly backend: Backend;
  readonly heap: EngineHeap;
  readonly kernels: KernelChoice;
  readonly threads: EngineThreads;
  /** Why vectors are wide or not. */
  readonly wideness: string;
  readonly blas: string;
  #arena = 0;
  #arenaBytes = 0;

  constructor(options: EngineOptions = {}) {
    this.backend = options.backend ?? wasmBackend;
    const shared = options.shared ?? hasSharedMemory();
    this.threads = new EngineThreads(options.threads, shared && hasSharedMemory());
    this.heap = new EngineHeap({
      shared,
      maximumBytes: Math.min(options.maximumBytes ?? MAXIMUM_BYTES, MAXIMUM_BYTES),
      threads: this.threads.count > 1 ? this.threads : null,
    });
    const { wide, why } = wideness(options.wide);
    this.wideness = why;
    const profile = lookUp("profile", options.profile ?? setting("GRADWISE_PROFILE") ?? "fast", PROFILES);
    const { native, why: blas } = nativeProducts(options.blas, profile, this.threads.count);
    this.blas = blas;
    this.kernels = { profile, wide, native };
  }

  /** A graph made ready to run on this engine; `once` says that preparing it must be cheap. */
  compile(graph: Graph, { once }: { readonly once: boolean }): Executable {
    return this.backend.compile(graph, this.heap, { once, kernels: this.kernels });
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
}

/** Switches wide vectors on where they are asked for, before anything is compiled. */
function wideness(asked: boolean | undefined): { wide: boolean; why: string } {
  if (!(asked ?? setting("GRADWISE_WIDE") === "1")) {
    return { wide: false, why: "no: engine.configure({ wide: true }) or GRADWISE_WIDE=1 asks for it" };
  }
  const trouble = widenVectors();
  return { wide: trouble === null, why: trouble === null ? "asked for" : `no: ${trouble}` };
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

/** Runs `body` with another engine current, until its promise is settled: for tests that compare engines. */
export function withEngine<T>(other: Engine, body: () => T): T {
  const before = current;
  const restore = (): void => {
    current = before;
  };
  current = other;
  let result: T;
  try {
    result = body();
  } catch (error) {
    restore();
    throw error;
  }
  if (result instanceof Promise) return result.finally(restore) as T;
  restore();
  return result;
}

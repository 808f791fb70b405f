import type { DType, TypedArray } from "../core/dtype.ts";
import type { Graph } from "../graph/node.ts";
import type { Place } from "../graph/passes/plan-memory.ts";

/** The memory that Variables, arenas and resident data share. engine/heap.ts makes it and hands it to backends. */
export interface Heap {
  readonly memory: WebAssembly.Memory;
  /** A shared memory lets threads work on it; a module must declare it exactly as it is. */
  readonly shared: boolean;
  readonly maximumBytes: number;
  /** Null where only the caller computes. */
  readonly threads: Threads | null;
  /** A 64-byte aligned block; throws a MemoryError when the heap is full. */
  allocate(bytes: number): number;
  free(address: number): void;
  /** A block that is freed when the garbage collector takes `owner`. */
  allocateFor(owner: object, bytes: number): number;
  /** A view that is good until the next allocation (an unshared memory detaches views when it grows). */
  view(dtype: DType, address: number, size: number): TypedArray;
}

/** The threads that may work on a shared heap: as many as were chosen, on workers that the platform starts. */
export interface Threads {
  /** With the caller's own. */
  readonly count: number;
  /** Nanoseconds of work, on one thread, after which workers are worth starting. */
  readonly startAfter: number;
  /** Starts a worker on a script, in which `onMail(handler)` takes messages. Null where it cannot; `ended` may follow. */
  start(source: string, ended: (reason: string) => void): ThreadWorker | null;
  /** Tells that only the caller computes from now on, and why. */
  failed(reason: string): void;
}

export interface ThreadWorker {
  post(message: unknown): void;
  stop(): void;
}

/** A graph made ready to run on a heap. Sources are numbered: inputs, then captured, then variables. */
export interface Executable {
  /** What a run needs of the arena; contents need not survive between runs. */
  readonly arenaBytes: number;
  /** Where the graph's outputs lie after a run. */
  readonly outputs: readonly Place[];
  /** The memory plan, readable: buffers, when they live, the peak. */
  describe(): string;
  /** A function that runs the graph on these addresses: bases[0] is the arena, bases[i + 1] the i-th source. */
  bind(bases: readonly number[]): () => void;
  /** The same in parts, to be run in order: one more than the graph has cuts. */
  bindParts(bases: readonly number[]): readonly (() => void)[];
}

/** "exact": the same bits on every machine. "fast": the best kernels that this machine has, found by its features. */
export type Profile = "exact" | "fast";

/** Native code that computes some products in place of a backend's own kernels; the platform finds it. */
export interface NativeProducts {
  takes(m: number, n: number, k: number): boolean;
  /** What stands for the kernel whose name this ends with; it takes the same arguments. */
  kernel(name: string, memory: WebAssembly.Memory): (...args: number[]) => void;
}

/** The kernels that an engine asks for; a backend takes what it has of them. Engines that differ here live side by side. */
export interface KernelChoice {
  readonly profile: Profile;
  /** Vectors of 256 bits, which the engine has switched on in V8. */
  readonly wide: boolean;
  readonly native?: NativeProducts | null;
}

export interface CompileOptions {
  /** The graph will run once or seldom, so preparing it must be cheap. */
  readonly once: boolean;
  readonly kernels: KernelChoice;
}

export interface Backend {
  readonly name: string;
  compile(graph: Graph, heap: Heap, options: CompileOptions): Executable;
  /** The kernels that a choice comes to on this machine, and why: a line of `engine.describe()`. */
  describeKernels(choice: KernelChoice): string;
}

/** Every source of a graph, in the order of the bases. */
export function sourcesOf(graph: Graph): readonly { readonly shape: readonly number[]; readonly dtype: DType }[] {
  return [...graph.inputs, ...graph.captured.map((c) => c.symbol), ...graph.variables.map((v) => v.before)];
}

/** The parts of an executable as one function. A single part is the whole, without a call in between. */
export function inOrder(parts: readonly (() => void)[]): () => void {
  if (parts.length === 1) return parts[0];
  return () => {
    for (const part of parts) part();
  };
}

import { type Executable, inOrder } from "../backends/backend.ts";
import type { DType, TypedArray } from "../core/dtype.ts";
import { MemoryError } from "../core/errors.ts";
import { sizeOf } from "../core/shape.ts";
import type { Any } from "../core/shape-types.ts";
import { executor } from "../graph/executor.ts";
import type { Graph } from "../graph/node.ts";
import { Tensor } from "../graph/tensor.ts";
import type { Engine } from "./engine.ts";
import { type Marks, prepareGraph, tapsOf } from "./prepare-graph.ts";
import { placeBehind } from "./run-executable.ts";

interface Slot {
  readonly offset: number;
  readonly dtype: DType;
  readonly size: number;
}

/** A graph compiled for an engine: one call runs all of it. */
export class Program {
  readonly graph: Graph;
  readonly #engine: Engine;
  readonly #executable: Executable;
  readonly #slots: readonly Slot[];
  readonly #captured: readonly number[];
  /** Names of the last outputs. */
  readonly #taps: readonly string[];
  readonly #bytes: number;
  #parts: readonly (() => void)[] = [];
  #run: (() => void) | null = null;
  #arena = -1;
  #bases: readonly number[] = [];
  /** Of the outputs, while the arena stays. */
  #views: TypedArray[] = [];

  constructor(graph: Graph, engine: Engine, marks: Marks = {}) {
    this.graph = prepareGraph(graph, marks);
    this.#taps = tapsOf(graph, marks);
    this.#engine = engine;
    this.#executable = engine.compile(this.graph, { once: false });
    const { slots, end } = layOut(this.graph, this.#executable.arenaBytes);
    this.#slots = slots;
    this.#bytes = end;
    this.#assertFits();
    this.#captured = this.#keepCaptured();
  }

  /** The memory plan, readable. */
  describe(): string {
    return this.#executable.describe();
  }

  /** Bytes of the arena that a run takes. */
  get peakBytes(): number {
    return this.#bytes;
  }

  /** Runs on these inputs and gives the outputs as new tensors. */
  run(inputs: readonly Tensor[]): Tensor[] {
    // Reading may compute what was left for later, in the same arena: so it comes first.
    const values = inputs.map((x) => executor().readSync(x));
    const step = this.bind();
    this.#slots.forEach(({ offset, dtype, size }, i) => {
      this.#engine.heap.view(dtype, this.#arena + offset, size).set(values[i]);
    });
    step();
    return this.graph.outputs.slice(0, this.graph.outputs.length - this.#taps.length).map((_, i) => this.output(i));
  }

  /**
   * The bare step, for programs whose data are all Variables: nothing is copied or allocated. Ask for it again
   * after anything else has run, since the arena may have moved.
   */
  bind(): () => void {
    const arena = this.#engine.arena(this.#bytes);
    if (this.#run !== null && this.#arena === arena) return this.#run;
    const variables = this.graph.variables.map((use) => use.variable["~home"].address);
    const bases = [arena, ...this.#slots.map((slot) => arena + slot.offset), ...this.#captured, ...variables];
    this.#arena = arena;
    this.#bases = bases;
    this.#views = [];
    this.#parts = this.#executable.bindParts(bases);
    this.#run = inOrder(this.#parts);
    return this.#run;
  }

  /** The step in parts, one more than it has cuts, to be run in order; what `bind` says of it holds here too. */
  bindParts(): readonly (() => void)[] {
    this.bind();
    return this.#parts;
  }

  /** The tapped values, right after a run (or after the part that computes them). */
  readTaps(): Record<string, Tensor> {
    const first = this.graph.outputs.length - this.#taps.length;
    return Object.fromEntries(this.#taps.map((name, i) => [name, this.output(first + i)]));
  }

  /** An output as a tensor of its own, right after a run. Shapes are frozen: they can be shared. */
  output(at: number): Tensor {
    const { shape, dtype } = this.graph.outputs[at];
    return new Tensor<Any, Any>(shape, dtype, { kind: "host", array: this.viewOutput(at).slice() });
  }

  /** An output where it lies, right after a run: good until anything else runs. */
  viewOutput(at: number): TypedArray {
    let view = this.#views[at];
    if (view === undefined || view.buffer !== this.#engine.heap.buffer) {
      const { base, offset } = this.#executable.outputs[at];
      const { shape, dtype } = this.graph.outputs[at];
      view = this.#engine.heap.view(dtype, this.#bases[base] + offset, sizeOf(shape));
      this.#views[at] = view;
    }
    return view;
  }

  /** Captured tensors never change: they get memory of their own, once. */
  #keepCaptured(): number[] {
    return this.graph.captured.map(({ value }) => {
      const values = executor().readSync(value);
      const address = this.#engine.heap.allocateFor(this, values.byteLength + 16);
      this.#engine.heap.view(value.dtype, address, values.length).set(values);
      return address;
    });
  }

  #assertFits(): void {
    const limit = this.#engine.heap.maximumBytes;
    if (this.#bytes <= limit) return;
    const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
    throw new MemoryError(
      `the plan's peak of ${mb(this.#bytes)} is over the heap's limit of ${mb(limit)}. Use a smaller batch.`,
    );
  }
}

/** Bytes of the arena that a run of this graph would take. */
export function planBytes(graph: Graph, engine: Engine): number {
  const prepared = prepareGraph(graph);
  const { arenaBytes } = engine.compile(prepared, { once: false });
  return layOut(prepared, arenaBytes).end;
}

/** Inputs lie behind the plan's arena. */
function layOut(graph: Graph, arenaBytes: number): { slots: Slot[]; end: number } {
  const { offsets, end } = placeBehind(arenaBytes, graph.inputs);
  const slots = graph.inputs.map(({ dtype, size }, i) => ({ offset: offsets[i], dtype, size }));
  return { slots, end };
}

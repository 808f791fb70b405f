import type { Executable } from "../backends/backend.ts";
import { sourcesOf } from "../backends/backend.ts";
import { BYTES, type TypedArray } from "../core/dtype.ts";
import { MemoryError } from "../core/errors.ts";
import { sizeOf } from "../core/shape.ts";
import type { Graph } from "../graph/node.ts";
import { simplifyGraph } from "../graph/passes/simplify-graph.ts";
import { executor } from "../graph/executor.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";
import type { Engine } from "./engine.ts";

const ALIGN = 64;

interface Slot {
  readonly offset: number;
  readonly dtype: keyof typeof BYTES;
  readonly size: number;
}

/** A graph compiled for an engine: one call runs all of it. */
export class Program {
  readonly graph: Graph;
  readonly #engine: Engine;
  readonly #executable: Executable;
  readonly #slots: readonly Slot[];
  readonly #bytes: number;
  #run: (() => void) | null = null;
  #arena = -1;

  constructor(graph: Graph, engine: Engine) {
    this.graph = simplifyGraph(graph);
    this.#engine = engine;
    this.#executable = engine.backend.compile(this.graph, engine.heap, { once: false });
    const { slots, end } = layOut(this.graph, this.#executable.arenaBytes);
    this.#slots = slots;
    this.#bytes = end;
    this.#assertFits();
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
    const step = this.bind();
    const arena = this.#arena;
    const captured = this.graph.captured.map((c) => c.value);
    [...inputs, ...captured].forEach((x, i) => {
      const { offset, dtype, size } = this.#slots[i];
      this.#engine.heap.view(dtype, arena + offset, size).set(executor().readSync(x));
    });
    step();
    return this.graph.outputs.map((_, i) => {
      const { shape, dtype } = this.graph.outputs[i];
      return hostTensor(this.#read(i), shape, dtype);
    });
  }

  /**
   * The bare step, for programs whose data are all Variables: nothing is copied or allocated. Ask for it again
   * after anything else has run, since the arena may have moved.
   */
  bind(): () => void {
    const arena = this.#engine.arena(this.#bytes);
    if (this.#run !== null && this.#arena === arena) return this.#run;
    const variables = this.graph.variables.map((use) => use.variable["~home"].address);
    const bases = [arena, ...this.#slots.map((slot) => arena + slot.offset), ...variables];
    this.#arena = arena;
    this.#run = this.#executable.bind(bases);
    return this.#run;
  }

  #read(output: number): TypedArray {
    const { base, offset } = this.#executable.outputs[output];
    const { shape, dtype } = this.graph.outputs[output];
    const bases = [0, ...this.#slots.map((slot) => slot.offset)];
    const variable = this.graph.variables[base - bases.length];
    const address = variable === undefined ? this.#arena + bases[base] : variable.variable["~home"].address;
    return this.#engine.heap.view(dtype, address + offset, sizeOf(shape)).slice();
  }

  #assertFits(): void {
    const limit = this.#engine.heap.maximumBytes;
    if (this.#bytes <= limit) return;
    const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
    throw new MemoryError(`the plan's peak of ${mb(this.#bytes)} is over the heap's limit of ${mb(limit)}. Use a smaller batch.`);
  }
}

/** Inputs and captured tensors lie behind the plan's arena. */
function layOut(graph: Graph, arenaBytes: number): { slots: Slot[]; end: number } {
  let end = Math.ceil(arenaBytes / ALIGN) * ALIGN;
  const count = graph.inputs.length + graph.captured.length;
  const slots = sourcesOf(graph).slice(0, count).map(({ shape, dtype }) => {
    const size = sizeOf(shape);
    const slot = { offset: end, dtype, size };
    end = Math.ceil((end + size * BYTES[dtype] + 16) / ALIGN) * ALIGN;
    return slot;
  });
  return { slots, end };
}

import { BYTES } from "../../core/dtype.ts";
import { InternalError } from "../../core/errors.ts";
import { sameShape, shapeText, sizeOf } from "../../core/shape.ts";
import { type Dataflow, graphResults, nodeOf } from "../node.ts";
import type { Tensor } from "../tensor.ts";
import type { Kernel } from "./kernel.ts";

/** Blocks start on cache lines, and kernels may read up to 15 bytes past an operand. */
const ALIGN = 64;
const SLACK = 16;

/** Where a value lies: an offset from base 0 (the arena) or from base i + 1 (the graph's i-th source). */
export interface Place {
  readonly base: number;
  readonly offset: number;
  /** Inside loops: how far it lies on, in bytes, for each round of a loop. */
  readonly walks?: readonly Walk[];
}

export interface Walk {
  readonly loop: LoopId;
  readonly bytes: number;
}

/** Tells one loop of a program from another. */
export type LoopId = object;

/** A place some bytes further on. */
export function shifted(place: Place, bytes: number): Place {
  return { ...place, offset: place.offset + bytes };
}

export interface Buffer {
  readonly offset: number;
  readonly bytes: number;
  /** Kernels first and last using it. */
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** Scratch space that one kernel needs. */
export type ScratchOf = (kernel: Kernel) => number;

/** Bytes to move when all kernels have run. */
export interface Copy {
  readonly from: Place;
  readonly to: Place;
  readonly bytes: number;
}

export interface MemoryPlan {
  readonly arenaBytes: number;
  place(x: Tensor): Place;
  scratch(kernel: number): Place;
  /** In order: old values that are still asked for, then next values whose update in place was not possible. */
  readonly copies: readonly Copy[];
  /** Where the graph's outputs lie when all is done. */
  readonly outputs: readonly Place[];
  describe(): string;
}

/**
 * Gives every stored tensor a place: one arena, shared by buffers that do not live at the same time. Tensors with
 * `homes` of their own, which nothing else uses, go there.
 */
export function planMemory(
  graph: Dataflow,
  kernels: readonly Kernel[],
  scratchOf: ScratchOf,
  homes: ReadonlyMap<Tensor, Place> = new Map(),
): MemoryPlan {
  const planner = new Planner(graph, kernels, homes);
  return planner.run(scratchOf);
}

class Planner {
  readonly #graph: Dataflow;
  readonly #kernels: readonly Kernel[];
  readonly #homes: ReadonlyMap<Tensor, Place>;
  readonly #places = new Map<Tensor, Place>();
  readonly #lastUse = new Map<Tensor, number>();
  readonly #buffers: Buffer[] = [];
  readonly #live: Buffer[] = [];
  #peak = 0;

  constructor(graph: Dataflow, kernels: readonly Kernel[], homes: ReadonlyMap<Tensor, Place>) {
    this.#graph = graph;
    this.#kernels = kernels;
    this.#homes = homes;
    const sources = [...graph.inputs, ...graph.captured.map((c) => c.symbol), ...graph.variables.map((v) => v.before)];
    sources.forEach((x, i) => {
      this.#places.set(x, { base: i + 1, offset: 0 });
    });
    kernels.forEach((kernel, at) => {
      for (const x of kernel.inputs) this.#lastUse.set(rootOf(x), at);
    });
    for (const x of graphResults(graph)) this.#lastUse.set(rootOf(x), kernels.length);
  }

  run(scratchOf: ScratchOf): MemoryPlan {
    const inPlace = this.#updatesInPlace();
    const scratch: Place[] = [];
    this.#kernels.forEach((kernel, at) => {
      this.#release(at);
      for (const x of kernel.outputs) {
        const home = this.#homes.get(x) ?? inPlace.get(x);
        if (home !== undefined) this.#places.set(x, home);
        else this.#allocate(x, at);
      }
      const bytes = scratchOf(kernel);
      scratch.push(bytes === 0 ? { base: 0, offset: 0 } : this.#take(bytes, at, at, `${labelOf(kernel)} scratch`));
    });
    const { copies, outputs } = this.#finish(inPlace);
    return {
      arenaBytes: this.#peak,
      place: (x) => this.#place(x),
      scratch: (kernel) => scratch[kernel],
      copies,
      outputs,
      describe: () => this.#describe(),
    };
  }

  /** Variables change at once: an old value that is an output, or another variable's next, is saved first. */
  #finish(inPlace: ReadonlyMap<Tensor, Place>): { copies: Copy[]; outputs: Place[] } {
    const end = this.#kernels.length;
    this.#release(end);
    const moves = this.#graph.variables.filter(
      ({ before, after }) => after !== null && !inPlace.has(after) && rootOf(after) !== before,
    );
    const wanted = new Set(graphResults(this.#graph).map(rootOf));
    const saved = new Map<Tensor, Place>();
    const saves = moves.flatMap(({ before }): Copy[] => {
      if (!wanted.has(before)) return [];
      const bytes = bytesOf(before);
      const to = this.#take(bytes, end, end, `old ${shapeText(before.shape)} ${before.dtype}`);
      saved.set(before, to);
      return [{ from: this.#place(before), to, bytes }];
    });
    const final = (x: Tensor): Place => saved.get(rootOf(x)) ?? this.#place(x);
    const updates = moves.flatMap(({ before, after }): Copy[] =>
      after === null ? [] : [{ from: final(after), to: this.#place(before), bytes: bytesOf(before) }],
    );
    return { copies: [...saves, ...updates], outputs: this.#graph.outputs.map(final) };
  }

  #place(x: Tensor): Place {
    const place = this.#places.get(rootOf(x));
    if (place === undefined) throw new InternalError(`a value of shape ${shapeText(x.shape)} has no place in the plan`);
    return place;
  }

  #allocate(x: Tensor, at: number): void {
    const node = nodeOf(x);
    const label = `${node?.op.name ?? "value"} ${shapeText(x.shape)} ${x.dtype}`;
    this.#places.set(x, this.#take(bytesOf(x), at, this.#lastUse.get(x) ?? at, label));
  }

  /** First fit among the buffers that are live now. */
  #take(bytes: number, from: number, to: number, label: string): Place {
    const size = Math.ceil((bytes + SLACK) / ALIGN) * ALIGN;
    let offset = 0;
    let slot = 0;
    for (; slot < this.#live.length; slot++) {
      const next = this.#live[slot];
      if (next.offset - offset >= size) break;
      offset = next.offset + next.bytes;
    }
    const buffer = { offset, bytes: size, from, to, label };
    this.#live.splice(slot, 0, buffer);
    this.#buffers.push(buffer);
    this.#peak = Math.max(this.#peak, offset + size);
    return { base: 0, offset };
  }

  #release(at: number): void {
    for (let i = this.#live.length - 1; i >= 0; i--) if (this.#live[i].to < at) this.#live.splice(i, 1);
  }

  /**
   * A variable's next value goes straight into its memory when the kernel that computes it is elementwise and the
   * last to read the old value. Everything else is copied when all is done.
   */
  #updatesInPlace(): Map<Tensor, Place> {
    const homes = new Map<Tensor, Place>();
    const outputs = new Set(this.#graph.outputs.map(rootOf));
    const updates = this.#updates();
    this.#kernels.forEach((kernel, at) => {
      if (kernel.kind !== "map") return;
      for (const after of kernel.outputs) {
        const before = updates.get(after);
        if (!before || this.#homes.has(after) || outputs.has(before)) continue;
        if ((this.#lastUse.get(before) ?? -1) > at) continue;
        if (readsOnlyInPlace(kernel, before)) homes.set(after, this.#place(before));
      }
    });
    return homes;
  }

  /** The one variable that a stored tensor is to become, by its old value; null where there are several. */
  #updates(): Map<Tensor, Tensor | null> {
    const updates = new Map<Tensor, Tensor | null>();
    for (const { before, after } of this.#graph.variables) {
      if (after === null) continue;
      const root = rootOf(after);
      updates.set(root, updates.has(root) || root !== after ? null : before);
    }
    return updates;
  }

  #describe(): string {
    const unit = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
    const rows = this.#buffers.map(
      (b) => `  ${String(b.offset).padStart(10)}  ${unit(b.bytes).padStart(12)}  kernels ${b.from}-${b.to}  ${b.label}`,
    );
    const total = this.#buffers.reduce((sum, b) => sum + b.bytes, 0);
    return [`arena: peak ${unit(this.#peak)}, ${this.#buffers.length} buffers of ${unit(total)} in all`, ...rows].join(
      "\n",
    );
  }
}

function bytesOf(x: Tensor): number {
  return sizeOf(x.shape) * BYTES[x.dtype as keyof typeof BYTES];
}

/** The stored tensor whose memory x shares. */
export function rootOf(x: Tensor): Tensor {
  let root = x;
  for (let node = nodeOf(root); node?.op.alias; node = nodeOf(root)) [root] = node.inputs;
  return root;
}

function labelOf(kernel: Kernel): string {
  return kernel.kind === "op" ? kernel.node.op.name : kernel.kind;
}

/** Whether every load of `x` reads the element that the kernel is writing. */
function readsOnlyInPlace(kernel: Kernel & { kind: "map" }, x: Tensor): boolean {
  if (sizeOf(kernel.shape) === 1) return true;
  const numbers = kernel.inputs.flatMap((input, i) => (rootOf(input) === x ? [i] : []));
  if (numbers.length === 0) return true;
  const seen = new Set<unknown>();
  const visit = (e: (typeof kernel.bodies)[number]): boolean => {
    if (seen.has(e)) return true;
    seen.add(e);
    if (e.kind === "call") return e.args.every(visit);
    if (e.kind !== "load") return true;
    // A view of another shape counts its axes differently.
    const same = sameShape(kernel.inputs[e.input].shape, kernel.shape);
    const here = same && e.index.every((i, axis) => i.kind === "index" && i.axis === axis);
    return (!numbers.includes(e.input) || here) && e.index.every(visit) && (e.guard === null || visit(e.guard));
  };
  return kernel.bodies.every(visit);
}

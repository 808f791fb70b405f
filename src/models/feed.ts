import { BYTES, type DType, type TypedArray } from "../core/dtype.ts";
import { sameShape } from "../core/shape.ts";
import { engine } from "../engine/engine.ts";
import type { Program } from "../engine/program.ts";
import { viewOfVariable } from "../engine/variable-values.ts";
import { executor } from "../graph/executor.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";
import { Variable } from "../graph/variable.ts";
import { add } from "../ops/add.ts";
import { gather } from "../ops/gather.ts";
import { iota } from "../ops/iota.ts";
import { slice } from "../ops/slice.ts";

/** Samples with their labels and weights; the first axis counts samples. */
export interface Samples {
  readonly x: Tensor;
  readonly y: Tensor | null;
  /** [samples]; null: every sample counts as one. */
  readonly weight: Tensor | null;
}

/** A program that reads a feed, and what it was made for. */
export interface Known {
  readonly kind: string;
  readonly key: string;
  readonly size: number;
  readonly program: Program;
}

/** What a Variable takes besides its values. */
const SLACK = 16;

/** Bytes of the blocks that resident samples take: the data, their order, and where a batch starts in it. */
function sizesOf({ x, y, weight }: Samples): number[] {
  const parts = [x, y, weight].filter((t): t is Tensor => t !== null);
  return [...parts.map((t) => t.size * BYTES[t.dtype as DType]), 4 * x.shape[0], 4].map((bytes) => bytes + SLACK);
}

function home(x: Tensor | null, name: string): Variable | null {
  return x === null ? null : new Variable(x, { name, trainable: false });
}

function integers(size: number, shape: readonly number[]): Variable {
  return home(hostTensor(new Int32Array(size), shape, "int32"), "rows") as Variable;
}

/** Where a step's batch comes from: Variables in the heap, so that a step takes no arguments. */
export abstract class Feed {
  /** How many samples are held. */
  readonly rows: number;
  /** The least recently used comes first. */
  readonly programs: Known[] = [];
  readonly #x: Variable;
  readonly #y: Variable | null;
  readonly #weight: Variable | null;
  #samples: Samples;

  constructor(samples: Samples) {
    this.#samples = samples;
    this.rows = samples.x.shape[0];
    this.#x = home(samples.x, "x") as Variable;
    this.#y = home(samples.y, "y");
    this.#weight = home(samples.weight, "sampleWeight");
  }

  /** The batch, inside a trace. */
  abstract read(size: number): Samples;

  /** Whether these very tensors are here; they never change. */
  holds({ x, y, weight }: Samples): boolean {
    return x === this.#samples.x && y === this.#samples.y && weight === this.#samples.weight;
  }

  /** Whether samples have the shapes and dtypes of those that are here. */
  fits({ x, y, weight }: Samples): boolean {
    return alike(x, this.#x) && alike(y, this.#y) && alike(weight, this.#weight);
  }

  /** Replaces the samples by others that fit. The same tensors need no copy: they never change. */
  write(samples: Samples): void {
    const before = this.#samples;
    put(this.#x, samples.x, before.x);
    put(this.#y, samples.y, before.y);
    put(this.#weight, samples.weight, before.weight);
    this.#samples = samples;
  }

  protected take(rows: (data: Variable) => Tensor): Samples {
    const part = (data: Variable | null): Tensor | null => (data === null ? null : rows(data));
    return { x: rows(this.#x), y: part(this.#y), weight: part(this.#weight) };
  }
}

function alike(a: Tensor | null, b: Variable | null): boolean {
  return a === null || b === null ? a === b : a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

function put(into: Variable | null, now: Tensor | null, before: Tensor | null): void {
  if (into === null || now === null || now === before) return;
  const values = executor().readSync(now);
  viewOfVariable(into).set(values);
}

/** The whole data set in the heap; a batch is gathered inside the step, in the order that was set. */
export class ResidentFeed extends Feed {
  readonly #order: Variable;
  readonly #start: Variable;
  #users = 0;
  #ordered = false;
  #place: TypedArray = new Int32Array(1);

  constructor(samples: Samples) {
    // All or nothing: what a failing constructor had allocated would lie there until the next collection.
    engine().heap.assertRoom(sizesOf(samples));
    super(samples);
    this.#order = integers(this.rows, [this.rows]);
    this.#start = integers(1, []);
  }

  /** Whether a pass is running over the data, which must then stay. */
  get inUse(): boolean {
    return this.#users > 0;
  }

  use(): this {
    this.#users++;
    return this;
  }

  leave(): void {
    this.#users--;
  }

  /** The order in which batches take samples, written in place; null: as they come. */
  order(write: ((order: TypedArray) => void) | null): void {
    if (write === null && this.#ordered) return;
    const order = viewOfVariable(this.#order);
    if (write !== null) write(order);
    else for (let i = 0; i < order.length; i++) order[i] = i;
    this.#ordered = write === null;
  }

  /** Call before a run of `seek`s, and again after anything may have grown the heap. */
  open(): void {
    this.#place = viewOfVariable(this.#start);
  }

  /** The next step's batch begins with the `row`-th sample of the order. */
  seek(row: number): void {
    this.#place[0] = row;
  }

  read(size: number): Samples {
    const at = gather(this.#order.read(), add(iota(size), this.#start.read()) as Tensor) as Tensor;
    return this.take((data) => gather(data.read(), at) as Tensor);
  }
}

/** One batch at a time, written into the heap before each step: for data that come piece by piece. */
export class BatchFeed extends Feed {
  /** A size below the batch's is only ever planned, to see what would fit. */
  read(size: number): Samples {
    return this.take((data) => {
      const all = data.read();
      return size === this.rows ? all : slice(all, [0, size]);
    });
  }
}

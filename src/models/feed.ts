import { BYTES, type DType, type TypedArray } from "../core/dtype.ts";
import { engine } from "../engine/engine.ts";
import { viewOfVariable } from "../engine/variable-values.ts";
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

/** Where a step's batch comes from: Variables in the heap, so that a step takes no arguments. */
export interface Feed {
  /** Feeds of equal keys give batches of equal shapes, dtypes and parts. */
  readonly key: string;
  /** The batch, inside a trace. */
  read(size: number): Samples;
}

/** What a Variable takes besides its values. */
const SLACK = 16;

/** What distinguishes samples for a program. */
export function samplesKey({ x, y, weight }: Samples): string {
  const part = (t: Tensor | null) => (t === null ? "-" : `${t.dtype}[${t.shape}]`);
  return `${part(x)} ${part(y)} ${part(weight)}`;
}

/** Bytes of the blocks that resident samples take: the data, their order, and where a batch starts in it. */
function sizesOf({ x, y, weight }: Samples): number[] {
  const parts = [x, y, weight].filter((t): t is Tensor => t !== null);
  return [...parts.map((t) => t.size * BYTES[t.dtype as DType]), 4 * x.shape[0], 4].map((bytes) => bytes + SLACK);
}

function home(x: Tensor, name: string): Variable {
  return new Variable(x, { name, trainable: false });
}

function integers(size: number, shape: readonly number[]): Tensor {
  return hostTensor(new Int32Array(size), shape, "int32");
}

/** The whole data set in the heap; a batch is gathered inside the step, in the order that was set. */
export class ResidentFeed implements Feed {
  readonly key: string;
  readonly rows: number;
  readonly #x: Variable;
  readonly #y: Variable | null;
  readonly #weight: Variable | null;
  readonly #order: Variable;
  readonly #start: Variable;
  #samples: Samples;
  #users = 0;
  #ordered = false;
  #place: TypedArray = new Int32Array(1);

  constructor(samples: Samples) {
    // All or nothing: what a failing constructor had allocated would lie there until the next collection.
    engine().heap.assertRoom(sizesOf(samples));
    this.#samples = samples;
    this.rows = samples.x.shape[0];
    this.key = `resident ${samplesKey(samples)}`;
    this.#x = home(samples.x, "x");
    this.#y = samples.y === null ? null : home(samples.y, "y");
    this.#weight = samples.weight === null ? null : home(samples.weight, "sampleWeight");
    this.#order = home(integers(this.rows, [this.rows]), "order");
    this.#start = home(integers(1, []), "start");
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

  /** Whether these very tensors are here; they never change. */
  holds({ x, y, weight }: Samples): boolean {
    return x === this.#samples.x && y === this.#samples.y && weight === this.#samples.weight;
  }

  /** Replaces the data by others of the same key. The same tensors need no copy: they never change. */
  refill(samples: Samples): void {
    const put = (into: Variable | null, now: Tensor | null, before: Tensor | null) => {
      if (into !== null && now !== null && now !== before) into.assign(now);
    };
    put(this.#x, samples.x, this.#samples.x);
    put(this.#y, samples.y, this.#samples.y);
    put(this.#weight, samples.weight, this.#samples.weight);
    this.#samples = samples;
  }

  /** The order in which batches take samples; null: as they come. */
  order(order: Int32Array | null): void {
    if (order === null && this.#ordered) return;
    viewOfVariable(this.#order).set(order ?? Int32Array.from({ length: this.rows }, (_, i) => i));
    this.#ordered = order === null;
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
    const rows = (data: Variable) => gather(data.read(), at) as Tensor;
    return {
      x: rows(this.#x),
      y: this.#y === null ? null : rows(this.#y),
      weight: this.#weight === null ? null : rows(this.#weight),
    };
  }
}

/** One batch at a time, written into the heap before each step: for data that come piece by piece. */
export class BatchFeed implements Feed {
  readonly key: string;
  readonly #x: Variable;
  readonly #y: Variable | null;
  readonly #weight: Variable | null;
  readonly #rows: number;

  constructor(samples: Samples) {
    this.#rows = samples.x.shape[0];
    this.key = `batch ${samplesKey(samples)}`;
    this.#x = home(samples.x, "x");
    this.#y = samples.y === null ? null : home(samples.y, "y");
    this.#weight = samples.weight === null ? null : home(samples.weight, "sampleWeight");
  }

  /** The next step's batch, of this feed's key. */
  write({ x, y, weight }: Samples): void {
    this.#x.assign(x);
    if (y !== null) this.#y?.assign(y);
    if (weight !== null) this.#weight?.assign(weight);
  }

  /** A size below the batch's is only ever planned, to see what would fit. */
  read(size: number): Samples {
    const rows = (data: Variable): Tensor => {
      const all = data.read();
      return size === this.#rows ? all : slice(all, [0, size]);
    };
    return {
      x: rows(this.#x),
      y: this.#y === null ? null : rows(this.#y),
      weight: this.#weight === null ? null : rows(this.#weight),
    };
  }
}

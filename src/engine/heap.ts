import type { Heap, Threads } from "../backends/backend.ts";
import { type DType, type TypedArray, viewOf } from "../core/dtype.ts";
import { MemoryError } from "../core/errors.ts";
import { pressCollector } from "./press-collector.ts";

const PAGE = 65536;
const ALIGN = 64;
/** Kernels may read past the last operand. */
const SLACK = 64;
/** Address 0 stays free: it means "none". */
const START = 1024;
/** The collector is asked to look after this many bytes for owners, or a quarter of what is in use: for it sees none of them. */
const LOOK = 2 ** 23;
/** Growing in steps keeps calls to memory.grow rare. */
const GROWTH = 1.25;

interface Block {
  readonly address: number;
  readonly bytes: number;
}

export interface HeapOptions {
  readonly shared: boolean;
  readonly maximumBytes: number;
  readonly threads?: Threads | null;
}

/** One WebAssembly memory and an allocator over it: free blocks in order of address, first fit, joined when freed. */
export class EngineHeap implements Heap {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  readonly maximumBytes: number;
  readonly threads: Threads | null;
  #free: Block[] = [];
  readonly #used = new Map<number, number>();
  readonly #registry = new FinalizationRegistry<number>((address) => this.free(address));
  /** The memory's bytes, until it grows: asking the memory itself is slow. */
  #buffer: ArrayBufferLike;
  #end = START;
  #usedBytes = 0;
  #unseen = 0;

  constructor({ shared, maximumBytes, threads = null }: HeapOptions) {
    this.shared = shared;
    this.threads = threads;
    this.maximumBytes = Math.floor(maximumBytes / PAGE) * PAGE;
    const maximum = this.maximumBytes / PAGE;
    this.memory = new WebAssembly.Memory({ initial: Math.min(16, maximum), maximum, shared });
    this.#buffer = this.memory.buffer;
  }

  /** What views lie on: another object after the heap has grown. */
  get buffer(): ArrayBufferLike {
    return this.#buffer;
  }

  /** Bytes in blocks that are in use. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Bytes of the largest block that could be allocated now. */
  get largestFree(): number {
    const last = this.#free[this.#free.length - 1];
    const begins = last !== undefined && last.address + last.bytes === this.#end ? last.address : this.#end;
    const atEnd = Math.floor((this.maximumBytes - SLACK - begins) / ALIGN) * ALIGN;
    return this.#free.reduce((most, block) => Math.max(most, block.bytes), atEnd);
  }

  /** Throws as allocating blocks of these sizes would, but leaves nothing behind. */
  assertRoom(sizes: readonly number[]): void {
    const made: number[] = [];
    try {
      for (const bytes of sizes) made.push(this.allocate(bytes));
    } finally {
      for (const address of made) this.free(address);
    }
  }

  allocate(bytes: number): number {
    const size = Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN);
    const at = this.#free.findIndex((block) => block.bytes >= size);
    let address: number;
    if (at >= 0) {
      const block = this.#free[at];
      address = block.address;
      if (block.bytes === size) this.#free.splice(at, 1);
      else this.#free[at] = { address: address + size, bytes: block.bytes - size };
    } else {
      address = this.#extend(size);
    }
    this.#used.set(address, size);
    this.#usedBytes += size;
    return address;
  }

  free(address: number): void {
    const bytes = this.#used.get(address);
    if (bytes === undefined) return;
    this.#used.delete(address);
    this.#usedBytes -= bytes;
    let low = 0;
    let high = this.#free.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#free[middle].address < address) low = middle + 1;
      else high = middle;
    }
    this.#join(low, { address, bytes });
  }

  allocateFor(owner: object, bytes: number): number {
    const address = this.allocate(bytes);
    this.#registry.register(owner, address);
    this.#unseen += bytes;
    if (this.#unseen > Math.max(LOOK, this.#usedBytes / 4)) {
      this.#unseen = 0;
      pressCollector();
    }
    return address;
  }

  view(dtype: DType, address: number, size: number): TypedArray {
    return viewOf(dtype, this.#buffer, address, size);
  }

  /** Puts a free block at its place in the list, joined with its neighbours. */
  #join(at: number, block: Block): void {
    let { address, bytes } = block;
    let from = at;
    let count = 0;
    const before = this.#free[at - 1];
    if (before !== undefined && before.address + before.bytes === address) {
      address = before.address;
      bytes += before.bytes;
      from--;
      count++;
    }
    const after = this.#free[at];
    if (after !== undefined && address + bytes === after.address) {
      bytes += after.bytes;
      count++;
    }
    this.#free.splice(from, count, { address, bytes });
  }

  /** A new block at the end, which takes a free block before it along. */
  #extend(size: number): number {
    const last = this.#free[this.#free.length - 1];
    const begins = last !== undefined && last.address + last.bytes === this.#end ? last.address : this.#end;
    const end = begins + size;
    if (end + SLACK > this.#buffer.byteLength) this.#grow(end + SLACK, size);
    if (begins !== this.#end) this.#free.pop();
    this.#end = end;
    return begins;
  }

  #grow(needed: number, size: number): void {
    const now = this.#buffer.byteLength;
    const wanted = Math.min(Math.max(needed, now * GROWTH), this.maximumBytes);
    const pages = Math.ceil((wanted - now) / PAGE);
    const fits = needed <= this.maximumBytes;
    try {
      if (fits) this.memory.grow(pages);
    } catch {
      this.#full(size);
    }
    if (!fits) this.#full(size);
    this.#buffer = this.memory.buffer;
  }

  #full(size: number): never {
    const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
    throw new MemoryError(
      `the heap is full: ${mb(size)} more were asked for, ${mb(this.#usedBytes)} of at most ${mb(this.maximumBytes)} are in use. ` +
        "Use a smaller batch, or drop models and data that are no longer needed.",
    );
  }
}

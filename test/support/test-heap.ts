import type { Heap } from "../../src/backends/backend.ts";
import { type DType, type TypedArray, viewOf } from "../../src/core/dtype.ts";
import { MemoryError } from "../../src/core/errors.ts";

const PAGE = 65_536;

/** The simplest heap that keeps the contract: blocks by size, freed ones used again for the same size. */
export class TestHeap implements Heap {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  readonly maximumBytes: number;
  readonly threads = null;
  #top = 64;
  readonly #sizes = new Map<number, number>();
  readonly #free = new Map<number, number[]>();
  readonly #registry = new FinalizationRegistry<number>((address) => this.free(address));

  constructor(shared = false, maximumBytes: number = 256 * 1024 * 1024) {
    this.shared = shared;
    this.maximumBytes = maximumBytes;
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: Math.ceil(maximumBytes / PAGE), shared });
  }

  /** Bytes of the blocks in use. */
  get used(): number {
    return [...this.#sizes.values()].reduce((a, b) => a + b, 0);
  }

  allocate(bytes: number): number {
    const size = Math.max(64, Math.ceil(bytes / 64) * 64);
    const address = this.#free.get(size)?.pop() ?? this.#extend(size);
    this.#sizes.set(address, size);
    return address;
  }

  free(address: number): void {
    const size = this.#sizes.get(address);
    if (size === undefined) throw new Error(`TestHeap: ${address} is not in use`);
    this.#sizes.delete(address);
    const list = this.#free.get(size);
    if (list === undefined) this.#free.set(size, [address]);
    else list.push(address);
  }

  allocateFor(owner: object, bytes: number): number {
    const address = this.allocate(bytes);
    this.#registry.register(owner, address);
    return address;
  }

  view(dtype: DType, address: number, size: number): TypedArray {
    return viewOf(dtype, this.memory.buffer, address, size);
  }

  #extend(size: number): number {
    const address = this.#top;
    const end = address + size;
    if (end > this.maximumBytes)
      throw new MemoryError(`TestHeap: ${size} bytes at ${address} pass ${this.maximumBytes}`);
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    this.#top = end;
    return address;
  }
}

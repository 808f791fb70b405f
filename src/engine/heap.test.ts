import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryError } from "../core/errors.ts";
import { EngineHeap } from "./heap.ts";

const MIB = 2 ** 20;

/** Allocations and frees; each block is filled with a number of its own, and must still hold it when freed. */
type Action = { readonly bytes: number } | { readonly free: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ bytes: fc.integer({ min: 0, max: 5000 }) }) },
  { weight: 2, arbitrary: fc.record({ free: fc.nat(100) }) },
);

describe.each([true, false])("the heap (shared: %s)", (shared) => {
  const heapOf = (mib: number): EngineHeap => new EngineHeap({ shared, maximumBytes: mib * MIB });

  it("never gives two owners the same bytes", () => {
    const property = fc.property(fc.array(action, { maxLength: 120, size: "max" }), (actions) => {
      const heap = heapOf(4);
      const blocks: { address: number; bytes: number; mark: number }[] = [];
      const holds = ({ address, bytes, mark }: (typeof blocks)[number]): boolean =>
        heap.view("uint8", address, bytes).every((byte: number) => byte === mark);
      actions.forEach((step, i) => {
        if ("bytes" in step) {
          const address = heap.allocate(step.bytes);
          expect(address % 64).toBe(0);
          expect(address).toBeGreaterThan(0);
          blocks.push({ address, bytes: step.bytes, mark: i % 256 });
          heap.view("uint8", address, step.bytes).fill(i % 256);
        } else if (blocks.length > 0) {
          const [block] = blocks.splice(step.free % blocks.length, 1) as [(typeof blocks)[number]];
          expect(holds(block)).toBe(true);
          heap.free(block.address);
        }
      });
      expect(blocks.every(holds)).toBe(true);
      for (const { address } of blocks) heap.free(address);
      expect(heap.usedBytes).toBe(0);
    });
    fc.assert(property, { numRuns: 40 });
  });

  it("joins free neighbours, in whatever order they are freed", () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [0, 2, 1],
      [1, 0, 2],
    ]) {
      const heap = heapOf(4);
      const addresses = [0, 1, 2].map(() => heap.allocate(MIB / 4));
      const wall = heap.allocate(64);
      for (const i of order) heap.free(addresses[i] as number);
      expect(heap.allocate((3 * MIB) / 4)).toBe(addresses[0]);
      expect(wall).toBeGreaterThan(addresses[0] as number);
    }
  });

  it("takes the last free block along when it grows", () => {
    const heap = heapOf(4);
    const first = heap.allocate(2 * MIB);
    heap.free(first);
    expect(heap.allocate(3 * MIB)).toBe(first);
    expect(heap.memory.buffer.byteLength).toBeLessThanOrEqual(4 * MIB);
  });

  it("knows the largest block that it could give, and what it has room for", () => {
    const heap = heapOf(4);
    const all = heap.largestFree;
    expect(all).toBeGreaterThan(4 * MIB - 4096);
    heap.assertRoom([all / 2, all / 4]);
    expect(() => heap.assertRoom([all / 2, all / 4, all / 2])).toThrow(MemoryError);
    expect([heap.usedBytes, heap.largestFree]).toEqual([0, all]);
    const [first, wall] = [heap.allocate(MIB), heap.allocate(2 * MIB)];
    heap.free(first);
    expect(heap.largestFree).toBe(MIB);
    expect(() => heap.allocate(heap.largestFree + 64)).toThrow(MemoryError);
    expect(heap.allocate(heap.largestFree)).toBe(first);
    heap.free(wall);
    heap.free(first);
    expect(heap.allocate(heap.largestFree)).toBe(first);
  });

  it("ignores an address that it did not give", () => {
    const heap = heapOf(4);
    const used = heap.allocate(100);
    heap.free(used + 64);
    heap.free(0);
    expect(heap.usedBytes).toBe(128);
    heap.free(used);
    heap.free(used);
    expect(heap.usedBytes).toBe(0);
    expect(heap.allocate(100)).not.toBe(heap.allocate(100));
  });

  it("leaves slack behind the last block, for kernels that read past their operands", () => {
    const heap = heapOf(1);
    const address = heap.allocate(MIB - 4096);
    expect(heap.memory.buffer.byteLength - (address + MIB - 4096)).toBeGreaterThanOrEqual(16);
  });

  it("says how full it is when it is full, and stays usable", () => {
    const heap = heapOf(2);
    const kept = heap.allocate(MIB);
    heap.view("uint8", kept, MIB).fill(7);
    expect(() => heap.allocate(3 * MIB)).toThrow(MemoryError);
    expect(() => heap.allocate(3 * MIB)).toThrow(
      "the heap is full: 3.0 MiB more were asked for, 1.0 MiB of at most 2.0 MiB are in use",
    );
    expect(heap.usedBytes).toBe(MIB);
    expect(heap.view("uint8", kept, MIB).every((byte: number) => byte === 7)).toBe(true);
    expect(heap.allocate(MIB / 2)).toBeGreaterThan(kept);
  });

  it("may be smaller than the memory that others begin with", () => {
    const heap = new EngineHeap({ shared, maximumBytes: 200_000 });
    expect(heap.maximumBytes).toBe(3 * 65536);
    expect(heap.allocate(100_000)).toBeGreaterThan(0);
    expect(() => heap.allocate(100_000)).toThrow(MemoryError);
  });
});

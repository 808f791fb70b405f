import { describe, expect, it } from "vitest";
import { ThreadError } from "../../../core/errors.ts";
import { describeThreads } from "../../../engine/describe.ts";
import { EngineHeap } from "../../../engine/heap.ts";
import { EngineThreads } from "../../../engine/threads.ts";
import type { Threads, ThreadWorker } from "../../backend.ts";
import { moduleFor } from "../kernel-module.ts";
import type { RunPart } from "./part-call.ts";
import { type Job, Pool } from "./pool.ts";
import { CLAIMS, WORDS } from "./worker-source.ts";

const newHeap = (): EngineHeap => new EngineHeap({ shared: true, maximumBytes: 2 ** 24 });
const atOnce = (count: number): EngineThreads => new EngineThreads(count, true, 0);

/** Starts a pool's workers and waits until they have loaded and fallen asleep: a page's workers need its event loop for that. */
async function start(pool: Pool, heap: EngineHeap, workers: number): Promise<void> {
  pool.enter(1);
  await expect.poll(() => Atomics.load(wordsOf(heap), WORDS.sleepers), { timeout: 10_000 }).toBe(workers);
}

/** A job of parts that each write `thread + 1` to their block, or trap, as the whole does. The caller does `own` instead. */
function job(
  heap: EngineHeap,
  parts: number,
  own?: RunPart,
  traps = false,
): Job & { marks(): number[]; whole(): number } {
  const builder = moduleFor(heap);
  const fn = builder.func(["i32", "i32"], [], "part0");
  if (traps) fn.op("unreachable");
  fn.get(0).get(1).i32const(1).op("i32.add").store("i32.store");
  const module = new WebAssembly.Module(builder.bytes());
  const { exports } = new WebAssembly.Instance(module, { env: { memory: heap.memory } });
  const address = heap.allocate((parts + 1) * 4);
  const blocks = heap.view("int32", address, parts + 1).fill(0);
  const run = own ?? (exports["part0"] as RunPart);
  const marks = (): number[] => [...blocks.subarray(0, parts)];
  const whole = (): number => blocks[parts] as number;
  return {
    program: { module, handMade: [], count: 1 },
    kernel: 0,
    run,
    cost: 1e6,
    address,
    bytes: 4,
    parts,
    marks,
    whole,
  };
}

/** The words by which a pool speaks: its first block in a heap of its own. */
function wordsOf(heap: EngineHeap): Int32Array {
  return new Int32Array(heap.memory.buffer, 1024, 16);
}

/** A caller's part that ends when workers have done all others. */
function waitForOthers(heap: EngineHeap, others: number): RunPart {
  return (block) => {
    const words = wordsOf(heap);
    const end = performance.now() + 2000;
    while (Atomics.load(words, WORDS.done) < others && performance.now() < end);
    heap.view("int32", block, 1)[0] = 1;
  };
}

/** Every part was done, and at least so many by workers: all of them where the caller came late. */
function expectWorkers(marks: readonly number[], least: number, threads = 2): void {
  expect(marks.filter((thread) => thread >= 1 && thread <= threads)).toHaveLength(marks.length);
  expect(marks.filter((thread) => thread > 1).length).toBeGreaterThanOrEqual(least);
}

/** The caller did the job at once, and no part of it. */
function expectWhole(work: ReturnType<typeof job>): void {
  expect([...work.marks(), work.whole()]).toEqual([...work.marks().fill(0), 1]);
}

describe("a pool", () => {
  it.each([2, 3])("lets %i threads claim parts, each of them once", async (count) => {
    const heap = newHeap();
    const pool = new Pool(heap, atOnce(count));
    await start(pool, heap, count - 1);
    for (let round = 0; round < 20; round++) {
      const work = job(heap, 9, waitForOthers(heap, 8));
      pool.run(work);
      expectWorkers(work.marks(), 8, count);
    }
  });

  it("wakes workers that sleep", async () => {
    const heap = newHeap();
    const pool = new Pool(heap, atOnce(2));
    const work = job(heap, 4, waitForOthers(heap, 3));
    await start(pool, heap, 1);
    for (let round = 0; round < 5; round++) {
      await expect.poll(() => Atomics.load(wordsOf(heap), WORDS.sleepers)).toBe(1);
      pool.run(work);
      expectWorkers(work.marks(), 3);
    }
  });

  it("leaves a job that is not to be shared to the caller, as a whole", async () => {
    const heap = newHeap();
    const pool = new Pool(heap, atOnce(2));
    await start(pool, heap, 1);
    const work = job(heap, 9, waitForOthers(heap, 8));
    pool.run(work);
    expectWorkers(work.marks(), 8);
    const alone = job(heap, 9);
    pool.run(alone, false);
    expectWhole(alone);
  });

  it("serves two heaps at once", async () => {
    const heaps = [newHeap(), newHeap()];
    const pools = heaps.map((heap) => new Pool(heap, atOnce(2)));
    for (const [i, heap] of heaps.entries()) await start(pools[i] as Pool, heap, 1);
    for (let round = 0; round < 20; round++) {
      pools.forEach((pool, i) => {
        const heap = heaps[i] as EngineHeap;
        const work = job(heap, 5, waitForOthers(heap, 4));
        pool.run(work);
        expectWorkers(work.marks(), 4);
      });
    }
  });

  it("does everything itself until there is enough to do", () => {
    const heap = newHeap();
    const threads = new EngineThreads(2, true, 1000);
    const pool = new Pool(heap, threads);
    const work = job(heap, 5);
    pool.enter(600);
    pool.run(work);
    expectWhole(work);
    expect(describeThreads(threads)).toMatch(/^2: as asked; no worker started yet/);
    pool.enter(600);
    expect(describeThreads(threads)).toBe("2: as asked; 1 of them workers");
  });
});

describe("a pool in trouble", () => {
  it("throws when a kernel traps in a worker, and goes on", async () => {
    const heap = newHeap();
    const pool = new Pool(heap, atOnce(2));
    await start(pool, heap, 1);
    for (let round = 0; round < 3; round++) {
      const broken = job(heap, 3, waitForOthers(heap, 2), true);
      expect(() => pool.run(broken)).toThrow(ThreadError);
      const work = job(heap, 3, waitForOthers(heap, 2));
      pool.run(work);
      expectWorkers(work.marks(), 2);
    }
  });

  it("throws what the caller's own part throws, and leaves nothing to claim", () => {
    const heap = newHeap();
    const pool = new Pool(
      heap,
      stub(() => ({ post: () => undefined, stop: () => undefined })),
    );
    pool.enter(1);
    const fails = (): void => {
      throw new RangeError("own");
    };
    expect(() => pool.run(job(heap, 200, fails))).toThrow("own");
    for (const thread of [0, 1]) expect((wordsOf(heap)[CLAIMS + thread] as number) & 255).toBe(0);
    const work = job(heap, 3);
    pool.run(work);
    expect(work.marks()).toEqual([1, 1, 1]);
  });

  it("gives up on a worker that never ends its part, and computes alone from then on", () => {
    const heap = newHeap();
    const stopped: number[] = [];
    const mute: ThreadWorker = { post: () => undefined, stop: () => stopped.push(1) };
    const threads = stub(() => mute);
    const pool = new Pool(heap, threads, 50);
    pool.enter(1);
    const claimed = job(heap, 3, () => {
      // A worker claims its parts, and is heard of no more.
      Atomics.sub(wordsOf(heap), CLAIMS + 1, Atomics.load(wordsOf(heap), CLAIMS + 1) & 255);
    });
    expect(() => pool.run(claimed)).toThrow(/worker thread stopped in the middle of a step.*Load the weights anew/);
    expect([stopped, threads.reasons]).toEqual([[1], ["a worker stopped answering"]]);
    const work = job(heap, 3);
    pool.run(work);
    expectWhole(work);
  });

  it("computes alone when its workers end, or none could be started", () => {
    for (const starts of [true, false]) {
      const heap = newHeap();
      const threads = stub((ended) => {
        setTimeout(() => ended("it was ended"));
        return starts ? { post: () => undefined, stop: () => undefined } : null;
      });
      const pool = new Pool(heap, threads);
      pool.enter(1);
      const work = job(heap, 4);
      pool.run(work);
      if (starts) expect(work.marks()).toEqual([1, 1, 1, 1]);
      else expectWhole(work);
    }
  });

  it("goes on without a worker that really ends", async () => {
    const heap = newHeap();
    const real = atOnce(2);
    let worker: ThreadWorker | null = null;
    const threads = stub((ended) => {
      worker = real.start('onMail(() => { throw new Error("broken"); });', ended);
      return worker;
    });
    const pool = new Pool(heap, threads);
    pool.enter(1);
    await expect.poll(() => threads.reasons, { timeout: 10_000 }).toEqual([expect.stringContaining("broken")]);
    const work = job(heap, 4);
    pool.run(work);
    expectWhole(work);
  });
});

function stub(start: (ended: (reason: string) => void) => ThreadWorker | null): Threads & { reasons: string[] } {
  const reasons: string[] = [];
  return { count: 2, startAfter: 0, start: (_, ended) => start(ended), failed: (why) => reasons.push(why), reasons };
}

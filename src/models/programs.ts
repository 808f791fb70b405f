import { MemoryError } from "../core/errors.ts";
import { engine } from "../engine/engine.ts";
import { Program, planBytes } from "../engine/program.ts";
import { threadsReady } from "../engine/threads.ts";
import type { Graph } from "../graph/node.ts";
import type { Tensor } from "../graph/tensor.ts";
import { BatchFeed, type Feed, ResidentFeed, type Samples, samplesKey } from "./feed.ts";
import { MemoryWait, withoutHope } from "./wait-for-memory.ts";

/** What a step does with a batch. */
export interface StepKind {
  readonly name: "train" | "evaluate" | "predict";
  /** Distinguishes programs of one kind for one feed and batch size. */
  key(): string;
  trace(feed: Feed, size: number): Graph;
}

/** Data sets that stay in the heap, and programs that stay compiled, for each model. */
const FEEDS = 4;
const PROGRAMS = 16;

/** Makes and keeps a model's programs, and the heap copies of the data that they read. */
export class Programs {
  /** Programs compiled so far. */
  made = 0;
  readonly #owner: { toString(): string };
  /** The least recently used comes first. */
  #feeds: (ResidentFeed | BatchFeed)[] = [];
  readonly #programs = new WeakMap<Feed, Map<string, Program>>();

  constructor(owner: { toString(): string }) {
    this.#owner = owner;
  }

  /** Runs `body` with the samples in the heap; data that were there already are not copied again. */
  async withData<T>(where: string, samples: Samples, body: (feed: ResidentFeed) => Promise<T>): Promise<T> {
    let feed: ResidentFeed;
    const threads = threadsReady();
    if (threads !== null) await threads;
    try {
      // Counted as used at once: another call must not refill it.
      feed = await this.memoryWait().for(() => this.#resident(samples).use());
    } catch (error) {
      throw error instanceof MemoryError ? tooMuchData(where, samples, error) : error;
    }
    try {
      return await body(feed);
    } finally {
      feed.leave();
    }
  }

  /** One batch in the heap, until the next. */
  batch(samples: Samples): BatchFeed {
    const key = `batch ${samplesKey(samples)}`;
    const known = this.#feeds.find((feed): feed is BatchFeed => feed instanceof BatchFeed && feed.key === key);
    known?.write(samples);
    return this.#keep(known ?? new BatchFeed(samples));
  }

  program(kind: StepKind, feed: Feed, size: number): Program {
    let programs = this.#programs.get(feed);
    if (programs === undefined) {
      programs = new Map();
      this.#programs.set(feed, programs);
    }
    const key = `${kind.name} ${size} ${kind.key()}`;
    const program = programs.get(key) ?? this.#make(kind, feed, size);
    programs.delete(key);
    programs.set(key, program);
    if (programs.size > PROGRAMS) programs.delete(programs.keys().next().value as string);
    return program;
  }

  /** The bare step, to be run before anything else runs. */
  step(kind: StepKind, feed: Feed, size: number): () => void {
    const program = this.program(kind, feed, size);
    try {
      return program.bind();
    } catch (error) {
      throw error instanceof MemoryError ? this.#tooLarge(kind, feed, size) : error;
    }
  }

  /** For a call that allocates: at first it does without data that are not in use. */
  memoryWait(): MemoryWait {
    return new MemoryWait(() => {
      this.#feeds = this.#feeds.filter((feed) => feed instanceof ResidentFeed && feed.inUse);
    });
  }

  #make(kind: StepKind, feed: Feed, size: number): Program {
    const graph = kind.trace(feed, size);
    try {
      const program = new Program(graph, engine());
      this.made++;
      return program;
    } catch (error) {
      throw error instanceof MemoryError ? this.#tooLarge(kind, feed, size) : error;
    }
  }

  #resident(samples: Samples): ResidentFeed {
    const resident = this.#feeds.filter((feed): feed is ResidentFeed => feed instanceof ResidentFeed);
    const same = resident.find((feed) => feed.holds(samples));
    if (same !== undefined) return this.#keep(same);
    const key = `resident ${samplesKey(samples)}`;
    const idle = resident.find((feed) => feed.key === key && !feed.inUse);
    idle?.refill(samples);
    return this.#keep(idle ?? new ResidentFeed(samples));
  }

  #keep<F extends ResidentFeed | BatchFeed>(feed: F): F {
    this.#feeds = [...this.#feeds.filter((other) => other !== feed), feed].slice(-FEEDS);
    return feed;
  }

  /** Names the batch size that would fit, found by planning: a plan's peak grows with the batch. */
  #tooLarge(kind: StepKind, feed: Feed, size: number): MemoryError {
    const current = engine();
    const limit = current.largestArena();
    const peak = (n: number): number => planBytes(kind.trace(feed, n), current);
    let fits = 0;
    for (let over = size; over - fits > 1; ) {
      const middle = Math.floor((fits + over) / 2);
      if (peak(middle) <= limit) fits = middle;
      else over = middle;
    }
    const needed = peak(size);
    const { maximumBytes } = current.heap;
    const advice =
      fits === 0
        ? "Not even one sample fits: use a smaller model, or drop models and data that are no longer needed."
        : feed instanceof BatchFeed
          ? `Give batches of at most ${fits} samples.`
          : `Use a batchSize of at most ${fits}.`;
    const error = new MemoryError(
      `${this.#owner}: a ${kind.name} step of ${size} samples takes ${mib(needed)} at its peak, but only ${mib(limit)} of the heap's limit of ${mib(maximumBytes)} are free. ${advice}`,
    );
    return needed > maximumBytes ? withoutHope(error) : error;
  }
}

function tooMuchData(where: string, { x, y, weight }: Samples, error: MemoryError): MemoryError {
  const shapes = [x, y, weight].filter((t): t is Tensor => t !== null).map((t) => `${t.dtype} (${t.shape.join(", ")})`);
  return new MemoryError(
    `${where}: data of ${shapes.join(" and ")} do not fit: ${error.message} Or give them batch by batch: fit(function* () { yield { x, y }; }).`,
  );
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

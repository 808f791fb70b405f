import { MemoryError } from "../core/errors.ts";
import { engine } from "../engine/engine.ts";
import { Program, planBytes } from "../engine/program.ts";
import { threadsReady } from "../engine/threads.ts";
import type { Graph } from "../graph/node.ts";
import type { Tensor } from "../graph/tensor.ts";
import { BatchFeed, type Feed, ResidentFeed, type Samples } from "./feed.ts";
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

  constructor(owner: { toString(): string }) {
    this.#owner = owner;
  }

  /**
   * Runs `body` with the samples in the heap; data that were there already are not copied again. Where nothing has to be
   * waited for, neither memory nor the body, there is no promise.
   */
  withData<T>(where: string, samples: Samples, body: Body<T>): T | Promise<T> {
    const threads = threadsReady();
    if (threads !== null) return threads.then(() => this.withData(where, samples, body));
    let feed: ResidentFeed;
    try {
      feed = this.#resident(samples);
    } catch (error) {
      return this.#waitForRoom(where, samples, body, error);
    }
    return during(feed, body);
  }

  async #waitForRoom<T>(where: string, samples: Samples, body: Body<T>, full: unknown): Promise<T> {
    let feed: ResidentFeed;
    try {
      feed = await this.memoryWait().for(() => this.#resident(samples), full);
    } catch (error) {
      throw error instanceof MemoryError ? tooMuchData(where, samples, error) : error;
    }
    return during(feed, body);
  }

  /** One batch in the heap, until the next. */
  batch(samples: Samples): BatchFeed {
    const known = this.#feeds.find((feed): feed is BatchFeed => feed instanceof BatchFeed && feed.fits(samples));
    known?.write(samples);
    return this.#keep(known ?? new BatchFeed(samples));
  }

  program(kind: StepKind, feed: Feed, size: number): Program {
    const { programs } = feed;
    const key = kind.key();
    let at = programs.length - 1;
    while (at >= 0) {
      const known = programs[at];
      if (known.size === size && known.kind === kind.name && known.key === key) break;
      at--;
    }
    if (at >= 0 && at === programs.length - 1) return programs[at].program;
    const [known] =
      at < 0 ? [{ kind: kind.name, key, size, program: this.#make(kind, feed, size) }] : programs.splice(at, 1);
    programs.push(known);
    if (programs.length > PROGRAMS) programs.shift();
    return known.program;
  }

  /** A program whose step, `bind()`, can be run before anything else runs. */
  bound(kind: StepKind, feed: Feed, size: number): Program {
    const program = this.program(kind, feed, size);
    try {
      program.bind();
      return program;
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
    let idle: ResidentFeed | null = null;
    for (const feed of this.#feeds) {
      if (!(feed instanceof ResidentFeed)) continue;
      if (feed.holds(samples)) return this.#keep(feed).use();
      if (idle === null && !feed.inUse && feed.fits(samples)) idle = feed;
    }
    idle?.write(samples);
    // Counted as used at once: another call must not write over it.
    return this.#keep(idle ?? new ResidentFeed(samples)).use();
  }

  #keep<F extends ResidentFeed | BatchFeed>(feed: F): F {
    const feeds = this.#feeds;
    if (feeds[feeds.length - 1] !== feed)
      this.#feeds = [...feeds.filter((other) => other !== feed), feed].slice(-FEEDS);
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

type Body<T> = (feed: ResidentFeed) => T | Promise<T>;

/** What `body` gives for a feed that is in use until then. */
function during<T>(feed: ResidentFeed, body: Body<T>): T | Promise<T> {
  let result: T | Promise<T> | null = null;
  try {
    result = body(feed);
    return result instanceof Promise ? result.finally(() => feed.leave()) : result;
  } finally {
    if (!(result instanceof Promise)) feed.leave();
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

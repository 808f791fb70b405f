import { environment, startWorker } from "#platform";
import type { Threads, ThreadWorker } from "../backends/backend.ts";
import { ValueError } from "../core/errors.ts";

/** With more, memory is the limit of what is divided here. */
const MOST = 8;
const MOST_ASKED = 64;

/** Nanoseconds of work that could have been divided before workers start: a start costs the caller about a millisecond. */
const START_AFTER = 50e6;

/** The threads of one engine, and how they fare. */
export class EngineThreads implements Threads {
  readonly count: number;
  readonly startAfter: number;
  #started = 0;
  #trouble = "";

  constructor(count: number, startAfter: number = START_AFTER) {
    this.count = count;
    this.startAfter = startAfter;
  }

  start(source: string, ended: (reason: string) => void): ThreadWorker | null {
    const worker = startWorker(source, ended);
    if (worker === null) this.failed("no worker could be started");
    else this.#started++;
    return worker;
  }

  failed(reason: string): void {
    this.#trouble = reason;
  }

  describe(): string {
    if (this.#trouble !== "") return `1: ${this.#trouble}`;
    const workers =
      this.#started === 0 ? "workers start when there is enough to do" : `${this.#started} workers started`;
    return `${this.count}, ${workers}`;
  }
}

/** How many threads there are to be: as asked, or one a processor. */
export function threadCount(asked: number | "auto" | undefined): number {
  if (asked === undefined || asked === "auto") return Math.min(environment.cores, MOST);
  if (!Number.isInteger(asked) || asked < 1 || asked > MOST_ASKED) {
    throw new ValueError(
      `engine.configure: threads must be "auto" or an integer from 1 to ${MOST_ASKED}, got ${String(asked)}.`,
    );
  }
  return asked;
}

import { environment, setting, startWorker } from "#platform";
import type { Threads, ThreadWorker } from "../backends/backend.ts";
import { installThreading, isThreadingInstalled } from "../backends/wasm/threads/threading.ts";
import { ValueError } from "../core/errors.ts";

let loading: Promise<void> | null = null;

/** Loads what shares work, once: a page that has one thread never does. Node has it from the start. */
function loadThreading(): void {
  if (loading !== null || isThreadingInstalled()) return;
  loading = import("../backends/wasm/threads/in-parts.ts").then(installThreading);
  loading.catch(() => undefined); // without it one thread computes, as it did until now
}

/** Resolves when programs can be shared, if ever; null when nothing is to be waited for. */
export function threadsReady(): Promise<void> | null {
  return isThreadingInstalled() ? null : (loading?.catch(() => undefined) ?? null);
}

/** With more, memory is the limit of much that is divided. */
const MOST = 8;
const MOST_ASKED = 64;
/** Nanoseconds of work that could have been divided before workers start: a start costs the caller a millisecond or two. */
const START_AFTER = 50e6;

/** The threads of one engine, and how they fare. */
export class EngineThreads implements Threads {
  readonly count: number;
  readonly startAfter: number;
  readonly why: string;
  /** How many workers there have been. */
  started = 0;
  /** Why there are none any more. */
  trouble = "";

  constructor(asked: number | "auto" | undefined, shared: boolean, startAfter: number = START_AFTER) {
    const { count, why } = chooseCount(asked ?? setting("GRADWISE_THREADS") ?? "auto");
    this.count = shared ? count : 1;
    this.why = shared ? why : "threads need shared memory";
    this.startAfter = startAfter;
    if (this.count > 1) loadThreading();
  }

  start(source: string, ended: (reason: string) => void): ThreadWorker | null {
    const worker = startWorker(source, ended);
    if (worker === null) this.failed("no worker could be started");
    else this.started++;
    return worker;
  }

  failed(reason: string): void {
    this.trouble = reason;
  }
}

function chooseCount(asked: number | string): { count: number; why: string } {
  if (asked === "auto") {
    const { cores } = environment;
    return { count: Math.min(cores, MOST), why: cores > MOST ? `the most, on ${cores} processors` : "one a processor" };
  }
  const count = Number(asked);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_ASKED) return { count, why: "as asked" };
  throw new ValueError(
    `engine.configure: threads (or GRADWISE_THREADS) must be "auto" or an integer from 1 to ${MOST_ASKED}, ` +
      `got ${JSON.stringify(asked)}.`,
  );
}

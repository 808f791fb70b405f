/** What listens for Ctrl-C: `process`, or a stand-in in tests. */
export interface Interruptible {
  on(event: "SIGINT", listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * One press of Ctrl-C may arrive twice: from the terminal, and once more from npm, which forwards it. So a second press
 * is one that comes later than this.
 */
const SAME_PRESS_MS = 250;

/** 128 + SIGINT's number, as shells report it. */
const INTERRUPTED = 130;

/** A signal that the first Ctrl-C aborts; the second ends the process at once. */
export function signalOfInterrupts(process: Interruptible, now: () => number = () => performance.now()): AbortSignal {
  const controller = new AbortController();
  let first: number | null = null;
  process.on("SIGINT", () => {
    if (first === null) {
      first = now();
      controller.abort();
    } else if (now() - first > SAME_PRESS_MS) {
      process.exit(INTERRUPTED);
    }
  });
  return controller.signal;
}

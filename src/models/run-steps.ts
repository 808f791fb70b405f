import { nextTurn, now } from "#platform";
import type { ResidentFeed } from "./feed.ts";
import type { Programs, StepKind } from "./programs.ts";

/** The event loop waits at most this long for a running fit. */
const TURN_MS = 40;
/** Looking at the clock less often than this makes it free. */
const LOOK_MS = 1;

export interface StepRun {
  readonly programs: Programs;
  readonly kind: StepKind;
  readonly feed: ResidentFeed;
  readonly batchSize: number;
  /** After each batch: how many samples it had. */
  counted(samples: number): void;
  /** Before each turn of the event loop, with the number of batches done. */
  onTurn(batches: number): void;
  readonly clock: TurnClock;
  readonly signal: AbortSignal | null;
}

/** When to give the event loop a turn; kept over epochs, so that short ones do not take one each. */
export class TurnClock {
  #lastTurn: number = now();
  #every = 1;
  #since = 0;
  #lastLook: number = now();

  /** Whether it is time; cheap enough to ask after every step. */
  isDue(): boolean {
    if (++this.#since < this.#every) return false;
    const time = now();
    if (time - this.#lastLook < LOOK_MS / 2) this.#every = Math.min(this.#every * 2, 1 << 12);
    else if (time - this.#lastLook > LOOK_MS * 2) this.#every = Math.max(1, this.#every >> 2);
    this.#since = 0;
    this.#lastLook = time;
    return time - this.#lastTurn >= TURN_MS;
  }

  async turn(): Promise<void> {
    await nextTurn();
    this.#lastTurn = now();
    this.#lastLook = this.#lastTurn;
  }
}

/** Runs one pass over the data; false when the signal ended it early. The last batch may be smaller. */
export async function runPass({
  programs,
  kind,
  feed,
  batchSize,
  counted,
  onTurn,
  clock,
  signal,
}: StepRun): Promise<boolean> {
  if (signal?.aborted) return false;
  const memory = programs.memoryWait();
  const { rows } = feed;
  let step: (() => void) | null = null;
  let stepSize = 0;
  let batches = 0;
  for (let row = 0; row < rows; ) {
    const size = Math.min(batchSize, rows - row);
    if (step === null || size !== stepSize) {
      // Nothing may come between binding a step and running it: so no helper that is awaited.
      try {
        step = programs.step(kind, feed, size);
      } catch (error) {
        await memory.after(error);
        continue;
      }
      stepSize = size;
      feed.open();
    }
    feed.seek(row);
    step();
    row += size;
    batches++;
    counted(size);
    if (clock.isDue()) {
      onTurn(batches);
      await clock.turn();
      if (signal?.aborted) return false;
      // Whatever ran in the meantime may have moved the arena or grown the heap.
      step = null;
    }
  }
  return true;
}

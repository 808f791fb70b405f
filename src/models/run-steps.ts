import { nextTurn, now } from "#platform";
import type { Program } from "../engine/program.ts";
import type { ResidentFeed } from "./feed.ts";

/** The event loop waits at most this long for a running fit. */
const TURN_MS = 40;
/** Looking at the clock less often than this makes it free. */
const LOOK_MS = 1;

export interface StepRun {
  readonly feed: ResidentFeed;
  readonly batchSize: number;
  /** The program for a batch of this size. */
  programFor(size: number): Program;
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

/** Runs one pass over the data; false when the signal ended it early. */
export async function runPass(run: StepRun): Promise<boolean> {
  const { feed, batchSize, clock } = run;
  const full = Math.floor(feed.rows / batchSize);
  const rest = feed.rows - full * batchSize;
  if (run.signal?.aborted) return false;
  let step = full > 0 ? open(run, batchSize) : null;
  for (let batch = 0; batch < full && step !== null; batch++) {
    feed.seek(batch * batchSize);
    step();
    run.counted(batchSize);
    if (clock.isDue()) {
      run.onTurn(batch + 1);
      await clock.turn();
      if (run.signal?.aborted) return false;
      // Whatever ran in the meantime may have moved the arena or grown the heap.
      step = open(run, batchSize);
    }
  }
  if (rest > 0) {
    step = open(run, rest);
    feed.seek(full * batchSize);
    step();
    run.counted(rest);
  }
  return true;
}

function open({ feed, programFor }: StepRun, size: number): () => void {
  const step = programFor(size).bind();
  feed.open();
  return step;
}

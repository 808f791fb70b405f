import { nextTurn, now } from "#platform";
import type { Program } from "../engine/program.ts";
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
  /** After each batch: how many samples it had, and the program that ran. */
  counted(samples: number, program: Program): void;
  /** Before each turn of the event loop, with the number of batches done. */
  onTurn(batches: number): void;
  /** Null: a pass too short for turns. */
  readonly clock: TurnClock | null;
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

/**
 * Runs one pass over the data; false when the signal ended it early. The last batch may be smaller. There is no promise
 * where nothing has to be waited for: neither memory nor a turn of the event loop.
 */
export function runPass(run: StepRun): boolean | Promise<boolean> {
  if (run.signal?.aborted) return false;
  const pass = new Pass(run);
  return pass.advance() || pass.finish();
}

class Pass {
  readonly #run: StepRun;
  #row = 0;
  #batches = 0;
  /** Why the latest batch could not be run. */
  #trouble: unknown = null;

  constructor(run: StepRun) {
    this.#run = run;
  }

  /** Runs batch after batch; true at the end, false where something has to be waited for first. */
  advance(): boolean {
    const { programs, kind, feed, batchSize, clock } = this.#run;
    let program: Program | null = null;
    let step = nothing;
    let stepSize = 0;
    while (this.#row < feed.rows) {
      const size = Math.min(batchSize, feed.rows - this.#row);
      if (program === null || size !== stepSize) {
        // Nothing may come between binding a step and running it.
        try {
          program = programs.bound(kind, feed, size);
        } catch (error) {
          this.#trouble = error;
          return false;
        }
        step = program.bind();
        stepSize = size;
        feed.open();
      }
      feed.seek(this.#row);
      step();
      this.#row += size;
      this.#batches++;
      this.#run.counted(size, program);
      if (clock?.isDue()) return false;
    }
    return true;
  }

  /** The rest of a pass that had to wait. Whatever runs in the meantime may move the arena or grow the heap. */
  async finish(): Promise<boolean> {
    const { programs, onTurn, clock, signal } = this.#run;
    const memory = programs.memoryWait();
    do {
      const trouble = this.#trouble;
      this.#trouble = null;
      if (trouble !== null) {
        await memory.after(trouble);
        continue;
      }
      onTurn(this.#batches);
      await clock?.turn();
      if (signal?.aborted) return false;
    } while (!this.advance());
    return true;
  }
}

function nothing(): void {}

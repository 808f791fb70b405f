// tested by src/backends/wasm/threads/sharing-trial.test.ts

/** Milliseconds in a new mode that are not counted, nor is its first run: workers wake and caches fill. */
const WARM_UP = 1;
/** Milliseconds and runs for which a mode is measured at once, and how many times in a trial. */
const WINDOW = { milliseconds: 1, runs: 2 } as const;
const TURNS = 3;
/** The mode that stands stays after one turn of each where it is ahead by so much. */
const CLEAR = 1.25;
/** The other mode must take less than this part of the time: what is less is noise. */
const LEAD = 0.98;
/** Milliseconds and runs between two trials; both double while trials agree, since they cost little then, up to a limit. */
const REST = { milliseconds: 40, runs: 50 } as const;
const LONGEST_REST = { milliseconds: 5000, runs: 200 } as const;

/**
 * Finds out by the clock whether a program runs faster when threads share its calls or when the caller computes all of
 * them. The partition is chosen by an estimate of what moves between the processors' caches; but what a moved line costs
 * is the machine's affair and changes by the minute: 20 ns where the host has placed the cores side by side, 130 ns where
 * it has not, and milliseconds where another process keeps one busy. So now and then both modes take turns for a short
 * while. Results have the same bits in both.
 */
export class SharingTrial {
  readonly #clock: () => number;
  #shares = true;
  /** The last trial was the first to say that the caller is faster. */
  #doubts = false;
  /** How many times the shortest rest comes before the next trial. */
  #patience = 1;
  /** Runs since the last trial, and when the next may begin. */
  #rested = 0;
  #nextTrial: number | null = null;
  /** The turn of a trial, -1 between trials: even ones share. */
  #turn = -1;
  /** When this turn's first run began (null: it has had none), and its last. */
  #begun: number | null = null;
  #since = 0;
  /** Of the runs that count: their time and number. */
  #time = 0;
  #runs = 0;
  readonly #shared: number[] = [];
  readonly #alone: number[] = [];

  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Before a run, with whether there are workers: whether it is to be shared. */
  begin(hasWorkers: boolean): boolean {
    if (!hasWorkers) return true;
    if (this.#turn < 0 && ++this.#rested <= this.#rest("runs")) return this.#shares;
    const now = this.#clock();
    if (this.#turn < 0) {
      this.#nextTrial ??= now + REST.milliseconds;
      this.#rested = 0; // to look at the clock makes an object: not before each run
      if (now < this.#nextTrial) return this.#shares;
      this.#take(0);
    }
    this.#begun ??= now;
    this.#since = now;
    return this.#turn % 2 === 0;
  }

  /** After the run. */
  end(): void {
    if (this.#turn < 0 || this.#begun === null || this.#since < this.#begun + WARM_UP) return;
    const now = this.#clock();
    this.#time += now - this.#since;
    this.#runs++;
    if (this.#time < WINDOW.milliseconds || this.#runs < WINDOW.runs) return;
    (this.#turn % 2 === 0 ? this.#shared : this.#alone).push(this.#time / this.#runs);
    const lead = median(this.#shared) / median(this.#alone);
    if (this.#turn === 2 * TURNS - 1) this.#settle(this.#shares ? lead * LEAD <= 1 : lead < LEAD, now);
    else if (this.#turn === 1 && (this.#shares ? 1 / lead : lead) > CLEAR) this.#settle(this.#shares, now);
    else this.#take(this.#turn + 1);
  }

  #rest(unit: keyof typeof REST): number {
    return Math.min(this.#patience * REST[unit], LONGEST_REST[unit]);
  }

  #take(turn: number): void {
    this.#turn = turn;
    this.#begun = null;
    this.#time = 0;
    this.#runs = 0;
  }

  /** Another process may have disturbed a trial: threads are given up when two in a row say so. */
  #settle(shares: boolean, now: number): void {
    const agrees = shares === this.#shares;
    this.#patience = agrees ? 2 * this.#patience : 1;
    this.#doubts = !agrees && this.#shares && !this.#doubts;
    if (!this.#doubts) this.#shares = shares;
    this.#nextTrial = now + this.#rest("milliseconds");
    this.#rested = 0;
    this.#turn = -1;
    this.#shared.length = 0;
    this.#alone.length = 0;
  }
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1];
}

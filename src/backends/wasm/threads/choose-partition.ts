import { type Cut, countParts, type Division, EVERYTHING, NOBODY_ELSE } from "./division.ts";

/** A call of a program: how it may be parted, and what it reads and writes. */
export interface SharedCall {
  /** What it costs one thread. */
  readonly cost: number;
  readonly ways: readonly Division[];
  readonly reads: readonly Use[];
  readonly writes: readonly Use[];
}

export interface SharedProgram {
  readonly calls: readonly SharedCall[];
  /** Buffers that the caller's processor has at each run. */
  readonly given: ReadonlySet<number>;
  /** It is a body that a loop runs again and again. */
  readonly repeats: boolean;
}

/** A buffer, by a number, and the kernel's input or output that it is. */
export interface Use {
  readonly buffer: number;
  readonly bytes: number;
}

/** Nanoseconds for a byte that another processor wrote last: 20 to 60 a line, of which other work hides most. */
const FETCH = 0.125;
/**
 * To write what another has read or written: 20 to 130 a line, as far as the processors are from each other. It is near
 * the least, since the clock has the last word (sharing-trial.ts): it leaves a program to the caller, but shares none.
 */
const SEIZE = 0.25;
/** Bytes of buffers that are not looked at: biases and the like, that many calls read. */
const SMALL = 1024;
/** To hand out the parts of one call and wait for the last of them. */
const HAND_OUT = 1500;
/** In a loop also to tell the parts where an operand lies in this round. */
const TELL = 400;
/** What the estimate must promise: a plan that gains less may as well lose. */
const GAIN = 0.9;
/** Rounds of improvement; they end sooner when nothing improves. */
const ROUNDS = 4;

interface Access {
  readonly call: number;
  readonly writes: boolean;
  readonly at: number;
}

/**
 * The way in which each call of a program is parted (null: the caller computes it alone), so that work is shared and
 * little moves between the processors' caches: what one of them wrote, it should read and write again, in this step
 * and, for what stays, in the next. Weights, their gradients and the optimizer's state move never if all calls cut them
 * alike; which axis that is depends on what else is large.
 *
 * From a few plans that are uniform the calls are changed one by one while that helps, and the best plan is taken.
 */
export function choosePartition(program: SharedProgram, threads: number): (Division | null)[] {
  const { calls } = program;
  const alone = new Plan(program, threads, () => null);
  let best = alone;
  let least = alone.cost() * GAIN;
  const most = Math.max(0, ...calls.map(({ ways }) => ways.length));
  for (let way = 0; way < most; way++) {
    const plan = new Plan(program, threads, (ways) => ways[Math.min(way, ways.length - 1)] ?? null);
    plan.improve();
    const cost = plan.cost();
    if (cost < least) [best, least] = [plan, cost];
  }
  return best.chosen;
}

/** A choice for every call, and what it costs. */
class Plan {
  readonly chosen: (Division | null)[];
  readonly #program: SharedProgram;
  readonly #threads: number;
  /** By buffer, in the order of the calls, reads before writes. */
  readonly #accesses = new Map<number, Access[]>();
  readonly #bytes = new Map<number, number>();
  /** By call, the buffers that it touches. */
  readonly #touched: readonly (readonly number[])[];

  constructor(program: SharedProgram, threads: number, first: (ways: readonly Division[]) => Division | null) {
    this.#program = program;
    this.#threads = threads;
    this.chosen = program.calls.map(({ ways }) => first(ways));
    this.#touched = program.calls.map(({ reads, writes }) => [
      ...new Set([...reads, ...writes].map(({ buffer }) => buffer)),
    ]);
    program.calls.forEach(({ reads, writes }, call) => {
      for (const [at, use] of reads.entries()) this.#add(use, { call, writes: false, at });
      for (const [at, use] of writes.entries()) this.#add(use, { call, writes: true, at });
    });
  }

  #add({ buffer, bytes }: Use, access: Access): void {
    if (bytes < SMALL) return;
    const list = this.#accesses.get(buffer);
    if (list === undefined) this.#accesses.set(buffer, [access]);
    else list.push(access);
    this.#bytes.set(buffer, Math.max(bytes, this.#bytes.get(buffer) ?? 0));
  }

  cost(): number {
    const work = this.#program.calls.reduce((sum, _, call) => sum + this.#work(call), 0);
    return [...this.#accesses.keys()].reduce((sum, buffer) => sum + this.#movement(buffer), work);
  }

  /** Changes calls one by one, each to what is cheapest as the others are. */
  improve(): void {
    for (let round = 0; round < ROUNDS; round++) {
      let changed = false;
      this.#program.calls.forEach(({ ways }, call) => {
        if (ways.length > 0 && this.#improveCall(call, [...ways, null])) changed = true;
      });
      if (!changed) return;
    }
  }

  #improveCall(call: number, options: readonly (Division | null)[]): boolean {
    const before = this.chosen[call];
    let best = before;
    let least = this.#local(call);
    for (const option of options) {
      if (option === before) continue;
      this.chosen[call] = option;
      const cost = this.#local(call);
      if (cost < least) [best, least] = [option, cost];
    }
    this.chosen[call] = best;
    return best !== before;
  }

  /** What depends on this call's choice. */
  #local(call: number): number {
    let sum = this.#work(call);
    for (const buffer of this.#touched[call]) if (this.#accesses.has(buffer)) sum += this.#movement(buffer);
    return sum;
  }

  /** A call's time without what moves: the slowest thread's. */
  #work(call: number): number {
    const division = this.chosen[call];
    const { cost: whole, reads, writes } = this.#program.calls[call];
    if (division === null) return whole;
    const { cost, units, step, overhead = 0 } = division;
    const longest = (Math.ceil(units / step / this.#threads) * step) / units;
    const own = Math.ceil(countParts(division, this.#threads) / this.#threads);
    const handOut = HAND_OUT + (this.#program.repeats ? (reads.length + writes.length) * TELL : 0);
    return Math.min(longest, 1) * cost + own * overhead + handOut;
  }

  /** What moves of a buffer in one step, after another such step. */
  #movement(buffer: number): number {
    const bytes = this.#bytes.get(buffer) as number;
    const accesses = this.#accesses.get(buffer) as readonly Access[];
    // Who has a valid copy, who wrote it first.
    let holders: Cut[] = [];
    let cost = 0;
    for (const counts of [false, true]) {
      if (this.#program.given.has(buffer)) holders = [NOBODY_ELSE];
      for (const { call, writes, at } of accesses) {
        const division = this.chosen[call];
        const cuts = writes ? division?.cuts.outputs : division?.cuts.inputs;
        const cut = cuts === undefined ? NOBODY_ELSE : cuts[at];
        if (writes) {
          let most = 0;
          for (const holder of holders) most = Math.max(most, this.#apart(cut, holder));
          if (counts) cost += most * bytes * SEIZE;
          holders = [cut];
        } else if (!holders.includes(cut) && !holders.includes(EVERYTHING)) {
          if (counts && holders.length > 0) cost += this.#apart(cut, holders[0]) * bytes * FETCH;
          holders.push(cut);
        }
      }
    }
    return cost;
  }

  /** The part of a buffer that a thread touches under one cut and another thread under the other: the slowest's. */
  #apart(cut: Cut, holder: Cut): number {
    const share = 1 / this.#threads;
    if (cut === holder) return cut === EVERYTHING ? 1 : 0;
    if (holder === NOBODY_ELSE || holder === EVERYTHING) return cut === EVERYTHING || cut === NOBODY_ELSE ? 1 : share;
    return cut === EVERYTHING || cut === NOBODY_ELSE ? 1 - share : share * (1 - share);
  }
}

import { describe, expect, it } from "vitest";
import { SharingTrial } from "./sharing-trial.ts";

/** A program on a machine whose time is ours: milliseconds of a run in each mode. */
class Machine {
  shared: number;
  alone: number;
  /** After every so many runs, if not 0, one takes ten times as long; so does the first in another mode, where it is cold. */
  heldUp = 0;
  isCold = false;
  readonly trial = new SharingTrial(() => this.#now);
  #now = 1000;

  constructor(shared: number, alone: number) {
    this.shared = shared;
    this.alone = alone;
  }

  /** Runs for so many milliseconds: what part of the runs was shared, and how long a run took. */
  run(milliseconds: number, between = 0): { shared: number; mean: number } {
    const end = this.#now + milliseconds;
    let [runs, shared, time] = [0, 0, 0];
    let before: boolean | null = null;
    while (this.#now < end) {
      const shares = this.trial.begin(true);
      const isSlow = (runs > 0 && runs % this.heldUp === 0) || (this.isCold && before !== null && shares !== before);
      const took = (shares ? this.shared : this.alone) * (isSlow ? 10 : 1);
      before = shares;
      this.#now += took;
      this.trial.end();
      this.#now += between;
      runs++;
      time += took;
      if (shares) shared++;
    }
    return { shared: shared / runs, mean: time / runs };
  }
}

describe("a sharing trial", () => {
  it.each([0.01, 0.3, 3, 30, 300])("costs next to nothing where runs of %f ms gain by threads", (shared) => {
    const machine = new Machine(shared, 1.8 * shared);
    const { mean } = machine.run(200 * shared + 20_000);
    expect(mean).toBeGreaterThan(shared); // it was tried
    expect(mean).toBeLessThan(1.03 * shared);
  });

  it.each([0.01, 0.3, 3, 30])("leaves runs of %f ms to the caller where that is faster", (alone) => {
    const machine = new Machine(1.15 * alone, alone);
    machine.run(300 * alone + 300);
    const { mean, shared } = machine.run(20_000 + 300 * alone);
    expect(shared).toBeGreaterThan(0); // tried again
    expect(mean).toBeLessThan(1.02 * alone);
  });

  it("follows the machine within seconds, both ways", () => {
    const machine = new Machine(1, 1.5);
    machine.run(60_000);
    machine.shared = 2;
    machine.run(6000);
    expect(machine.run(20_000).shared).toBeLessThan(0.02);
    machine.shared = 1;
    machine.run(6000);
    expect(machine.run(20_000).shared).toBeGreaterThan(0.98);
  });

  it("keeps the mode it has where they differ by less than noise", () => {
    const machine = new Machine(1, 1.5);
    machine.run(1000);
    machine.alone = 0.99;
    expect(machine.run(60_000).shared).toBeGreaterThan(0.98);
  });

  it("is not misled by runs that something else holds up", () => {
    const machine = new Machine(1, 1.3);
    machine.heldUp = 37;
    expect(machine.run(300_000).shared).toBeGreaterThan(0.98);
  });

  it("does not count the first run of a turn, though a pause lies before it", () => {
    const machine = new Machine(1, 0.9);
    machine.isCold = true;
    machine.run(10_000, 5);
    expect(machine.run(10_000, 5).shared).toBeLessThan(0.1);
  });

  it("gives threads up when two trials in a row say so, and not when one does", () => {
    const machine = new Machine(2, 1.5);
    while (machine.run(1).shared === 1);
    machine.run(40); // the rest of the trial
    machine.shared = 1;
    expect(machine.run(40).shared).toBe(1);
  });

  it("asks no clock while there are no workers, nor in most runs", () => {
    let asked = 0;
    const trial = new SharingTrial(() => {
      asked++;
      return 1;
    });
    for (let i = 0; i < 1000; i++) {
      expect(trial.begin(false)).toBe(true);
      trial.end();
    }
    for (let i = 0; i < 50; i++) trial.begin(true);
    expect(asked).toBe(0);
  });
});

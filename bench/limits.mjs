import { Child } from "./children.mjs";

const slice = 40;

/** What the machine can do at most, measured in every round beside the peers. */
export class Limits {
  #children = [];
  #samples = new Map();

  constructor({ host, python }) {
    this.#children.push(new Child("limits-child.mjs", [], host));
    if (python) this.#children.push(new Child("python/limits.py", [], { python, env: {} }));
  }

  async measure(workload, round) {
    const found = {};
    for (const child of this.#children) {
      // A limit that cannot be measured is simply not shown.
      const answer = await child.ask({ ask: "work", milliseconds: slice }).catch(() => ({}));
      Object.assign(found, answer);
    }
    if (!this.#samples.has(workload)) this.#samples.set(workload, []);
    this.#samples.get(workload)[round] = found;
  }

  /** One record a round of that workload: GFLOP/s, and GB/s of copying. */
  of(workload) {
    return this.#samples.get(workload) ?? [];
  }

  all() {
    return [...this.#samples.values()].flat();
  }

  end() {
    for (const child of this.#children) child.end();
  }
}

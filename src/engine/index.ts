/** Where everything runs: `engine.describe()` says what was chosen, `engine.configure({ profile: "exact" })` chooses. */
import { describeEngine } from "./describe.ts";
import { engine } from "./engine.ts";

export { configure, type EngineOptions } from "./engine.ts";

/** The backend, the heap, the profile and the kernels in use, and why: a line each. */
export function describe(): string {
  return describeEngine(engine());
}

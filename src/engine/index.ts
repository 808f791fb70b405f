/** Where everything runs: `engine.describe()` says what was chosen, `engine.configure({ backend: referenceBackend })` chooses. */
import { engine } from "./engine.ts";

export { configure, type EngineOptions } from "./engine.ts";

/** The backend, the heap and the profile in use, and why. */
export function describe(): string {
  return engine().describe();
}

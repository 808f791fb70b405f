import { FAST_ENGINES as BOTH, REFERENCE, type TestEngine } from "../support/engines.ts";
import { isolated } from "./page.ts";

// In a page this module stands for test/support/engines.ts: the isolated page tries shared memory, the other unshared.
const heap = isolated ? "wasm on shared memory" : "wasm on unshared memory";

export type { TestEngine };
export { REFERENCE };
export const FAST_ENGINES: readonly TestEngine[] = BOTH.filter(({ name }) => name === heap);
export const ENGINES: readonly TestEngine[] = [REFERENCE, ...FAST_ENGINES];

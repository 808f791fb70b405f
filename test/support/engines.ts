import { referenceBackend } from "../../src/backends/reference/reference-backend.ts";
import { wasmBackend } from "../../src/backends/wasm/wasm-backend.ts";
import { installConvolutions } from "../../src/engine/convolve.ts";
import "../../src/engine/eager.ts";
import { Engine, withEngine } from "../../src/engine/engine.ts";

// Tests call ops by themselves; the package gives them their kernels.
installConvolutions();

/** An engine that conformance tests run on. */
export interface TestEngine {
  readonly name: string;
  readonly backend: "reference" | "wasm";
  /** Runs `body` with this engine current: eager ops, programs and Variables are its own. */
  use<T>(body: () => T): T;
}

function testEngine(name: string, backend: "reference" | "wasm", shared: boolean): TestEngine {
  let engine: Engine | null = null;
  return {
    name,
    backend,
    use: (body) => {
      engine ??= new Engine({ backend: backend === "wasm" ? wasmBackend : referenceBackend, shared });
      return withEngine(engine, body);
    },
  };
}

/** Slow and obviously right: what the others are compared with. */
export const REFERENCE: TestEngine = testEngine("reference", "reference", false);

/** Every other backend, on both kinds of memory. */
export const FAST_ENGINES: readonly TestEngine[] = [
  testEngine("wasm on shared memory", "wasm", true),
  testEngine("wasm on unshared memory", "wasm", false),
];

export const ENGINES: readonly TestEngine[] = [REFERENCE, ...FAST_ENGINES];

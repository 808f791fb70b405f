import { referenceBackend } from "../../src/backends/reference/reference-backend.ts";
import { wasmBackend } from "../../src/backends/wasm/wasm-backend.ts";
import { installConvolutions } from "../../src/engine/convolve.ts";
import "../../src/engine/eager.ts";
import { Engine, type EngineOptions, withEngine } from "../../src/engine/engine.ts";
import { checkGraphs } from "../../src/engine/prepare-graph.ts";
import { validateGraph } from "../../src/graph/validate-graph.ts";

// Tests call ops by themselves; the package gives them their kernels.
installConvolutions();
// Each graph that these engines run is held to what makes it one, and so is what passes make of it.
checkGraphs(validateGraph);

/** An engine that conformance tests run on. */
export interface TestEngine {
  readonly name: string;
  readonly backend: "reference" | "wasm";
  /** Runs `body` with this engine current: eager ops, programs and Variables are its own. */
  use<T>(body: () => T): T;
}

function testEngine(name: string, backend: TestEngine["backend"], options: EngineOptions): TestEngine {
  let engine: Engine | null = null;
  return {
    name,
    backend,
    use: (body) => {
      engine ??= new Engine({ backend: backend === "wasm" ? wasmBackend : referenceBackend, ...options });
      return withEngine(engine, body);
    },
  };
}

/** Slow and obviously right: what the others are compared with. */
export const REFERENCE: TestEngine = testEngine("reference", "reference", { shared: false });

/** Every other backend, in both profiles and on both kinds of memory. */
export const FAST_ENGINES: readonly TestEngine[] = [
  testEngine("wasm on shared memory", "wasm", { shared: true, profile: "fast" }),
  testEngine("wasm on unshared memory", "wasm", { shared: false, profile: "exact" }),
];

export const ENGINES: readonly TestEngine[] = [REFERENCE, ...FAST_ENGINES];

import { vi } from "vitest";
import type { EngineOptions } from "../../src/engine/engine.ts";

export type Gradwise = typeof import("../../src/index.ts");

/** The library as a new process would have it, on an engine of its own: asynchronous calls all run on that one. */
export async function freshGradwise(options: EngineOptions): Promise<Gradwise> {
  vi.resetModules();
  const gradwise = await import("../../src/index.ts");
  gradwise.engine.configure(options);
  return gradwise;
}

import type { EngineOptions } from "../../src/engine/engine.ts";
import { isolated } from "./page.ts";

// In a page this module stands for test/support/fresh-gradwise.ts, which asks Node's vitest to load modules anew.

export type Gradwise = typeof import("../../src/index.ts");

let copies = 0;

/** The library as a new page would have it: under another address a module is another module. */
export async function freshGradwise({ shared, ...options }: EngineOptions): Promise<Gradwise> {
  const gradwise = (await import(`/modules/gradwise.js?copy=${copies++}`)) as Gradwise;
  // What is shared in Node is shared here if the page is isolated.
  gradwise.engine.configure(shared === undefined ? options : { ...options, shared: shared && isolated });
  return gradwise;
}

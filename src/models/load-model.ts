import type { Model } from "./model.ts";

/**
 * The model in a file (or in bytes), with its weights and, if it was compiled, its optimizer's state: training goes on
 * as if nothing had happened. Throws a FormatError that names the file.
 */
export async function loadModel(from: string | Uint8Array): Promise<Model> {
  // Formats come when they are asked for: who only trains does not download them.
  const { loadModel: load } = await import("./save-model.ts");
  return load(from);
}

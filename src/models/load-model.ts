import type { Model } from "./model.ts";

export interface LoadOptions {
  /** false leaves out optimizer, loss and metrics: for a file whose loss or metrics are the user's own. */
  readonly compile?: boolean;
}

/**
 * The model in a `.safetensors` file (or in its bytes), with its weights and, if it was compiled, its optimizer's state:
 * training goes on as if nothing had happened. Throws a FormatError that names the file.
 */
export async function loadModel(from: string | Uint8Array, options: LoadOptions = {}): Promise<Model> {
  // Formats come when they are asked for: who only trains does not download them.
  const { restoreModel } = await import("./restore-model.ts");
  return restoreModel(from, options);
}

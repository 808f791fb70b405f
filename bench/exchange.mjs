import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";

/** Hands a workload and its data to processes that are not JavaScript: a JSON file, and each array as raw bytes. */
export class Exchange {
  #folder = mkdtempSync(join(os.tmpdir(), "gradwise-bench-"));
  #described = new Map();

  constructor() {
    process.once("exit", () => this.end());
  }

  describe(workload) {
    let described = this.#described.get(workload.id);
    if (described) return described;
    const data = workload.data();
    const arrays = {};
    for (const [name, value] of Object.entries(data)) {
      if (!ArrayBuffer.isView(value)) continue;
      const path = join(this.#folder, `${workload.id}-${name}.bin`);
      writeFileSync(path, new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      arrays[name] = { path, dtype: value instanceof Int32Array ? "int32" : "float32" };
    }
    const { examples, features, outputs } = data;
    const { data: _, ...plain } = workload;
    described = { ...plain, data: { examples, features, outputs, arrays } };
    this.#described.set(workload.id, described);
    return described;
  }

  /** The path of the description, as JSON. */
  file(workload) {
    const path = join(this.#folder, `${workload.id}.json`);
    writeFileSync(path, JSON.stringify(this.describe(workload)));
    return path;
  }

  end() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

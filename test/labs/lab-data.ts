import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Tensor, tensor } from "gradwise";
import { readNpz } from "./npz.ts";

const FOLDER = "../shared/data/labs";
const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));
const folder: string = process.env["GRADWISE_LABS"] ?? join(ROOT, FOLDER);

/**
 * Whether the labs' folder lacks one of these files: for `describe.skipIf`. It then says so, since the data are not
 * part of the project: the pictures have no licence.
 */
export function lacks(...files: readonly string[]): boolean {
  const missing = files.filter((file) => !existsSync(join(folder, file)));
  if (missing.length === 0) return false;
  console.warn(
    `Skipped: no ${missing.join(", ")} in "${folder}". Set GRADWISE_LABS to the folder that holds the labs' data ` +
      `(by default ${FOLDER}, beside the repository).`,
  );
  return true;
}

/** The arrays of a lab's .npz file, by name. */
export function loadNpz(file: string): Record<string, Tensor> {
  return readNpz(readFileSync(join(folder, file)));
}

export interface Pictures {
  /** [pictures, height, width, 3], 0 to 255. */
  readonly x: Tensor;
  /** [pictures, 1], 1 is a cat. */
  readonly y: Tensor;
}

/** The pictures of a `..._catvnoncat.h5`, where `set` is "train" or "test". */
export async function loadCats(set: "train" | "test"): Promise<Pictures> {
  // Only this lab needs it, and it is large.
  const hdf5 = await import("h5wasm/node");
  await hdf5.ready;
  const file = new hdf5.File(join(folder, `${set}_catvnoncat.h5`), "r");
  const read = (name: string): { values: unknown; shape: number[] } => {
    const found = file.get(`${set}_set_${name}`);
    if (!(found instanceof hdf5.Dataset) || found.shape === null)
      throw new Error(`${set}: no array ${set}_set_${name}`);
    return { values: found.value, shape: found.shape };
  };
  try {
    const [x, y] = [read("x"), read("y")];
    if (!(x.values instanceof Uint8Array && y.values instanceof BigInt64Array)) throw new Error(`${set}: other dtypes`);
    return {
      x: tensor(x.values, { shape: x.shape }),
      y: tensor(Int32Array.from(y.values, Number), { shape: [...y.shape, 1] }),
    };
  } finally {
    file.close();
  }
}

import { FormatError } from "../core/errors.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "./json.ts";
import type { NamedArray } from "./named-array.ts";
import { quote } from "./quote.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

/** An object as Keras writes it: its class, and the options to make it again. */
export type ConfigObject = {
  readonly module?: string;
  readonly class_name: string;
  readonly config: JsonObject;
  readonly registered_name?: string | null;
  readonly build_config?: JsonObject;
  readonly compile_config?: JsonObject;
};

/** A model as every format of files holds it: a tree of configurations, and arrays. */
export interface SavedModel {
  readonly config: ConfigObject;
  /** Named like Keras's paths: "layers/dense/vars/0" (kernel, then bias), "optimizer/vars/0". */
  readonly arrays: readonly NamedArray[];
}

const CONFIG = "gradwise_config";
const VERSION = "gradwise_version";
/** Raised when older gradwise could misread what newer wrote. */
const FORMAT_VERSION = 1;

/** The bytes of a safetensors file whose metadata holds the model's configuration. */
export function encodeModel(saved: SavedModel): Uint8Array[] {
  const metadata = { [VERSION]: String(FORMAT_VERSION), [CONFIG]: JSON.stringify(saved.config, assertJson) };
  return writeSafetensors({ tensors: saved.arrays, metadata });
}

/** The model in the bytes of a file called `name`; a FormatError if there is none. */
export function decodeModel(bytes: Uint8Array, name: string): SavedModel {
  const { tensors, metadata } = readSafetensors(bytes, name);
  if (!Object.hasOwn(metadata, CONFIG) || !Object.hasOwn(metadata, VERSION)) {
    throw new FormatError(
      `${quote(name)}: a safetensors file of ${tensors.length} arrays without a gradwise model. Build the model, and load its weights from the file.`,
    );
  }
  const version = metadata[VERSION];
  if (version !== String(FORMAT_VERSION)) {
    throw new FormatError(
      `${quote(name)}: saved as version ${quote(version)} of the format; this gradwise reads ${FORMAT_VERSION}. Update gradwise.`,
    );
  }
  const config = parseJson(metadata[CONFIG], `${quote(name)}: the model's configuration`);
  if (!isConfigObject(config)) {
    throw new FormatError(
      `${quote(name)}: the model's configuration has no class_name and config. Save the model again.`,
    );
  }
  return { config, arrays: tensors };
}

function isConfigObject(value: Json): value is ConfigObject {
  if (!isJsonObject(value)) return false;
  return Object.hasOwn(value, "class_name") && typeof value["class_name"] === "string" && isJsonObject(value["config"]);
}

/** JSON.stringify would turn NaN and infinities into null, and leave functions out, without a word. */
function assertJson(key: string, value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") {
    throw new FormatError(
      `the configuration's ${quote(key)} is a ${typeof value}, which no file can hold. Use its name.`,
    );
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new FormatError(
      `the configuration's ${quote(key)} is ${value}, which JSON cannot hold. Use a finite number.`,
    );
  }
  if (key === "__proto__") throw new FormatError(`the configuration has an entry "__proto__". Rename it.`);
  return value;
}

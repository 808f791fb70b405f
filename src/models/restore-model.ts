import { readFile } from "#platform";
import { FormatError, GradwiseError, MemoryError, ValueError } from "../core/errors.ts";
import { shapeText, sizeOf } from "../core/shape.ts";
import { viewOfVariable } from "../engine/variable-values.ts";
import type { ConfigObject, SavedModel } from "../formats/config-tree.ts";
import type { JsonObject } from "../formats/json.ts";
import type { NamedArray } from "../formats/named-array.ts";
import type { Variable } from "../graph/variable.ts";
import { Dense } from "../layers/dense.ts";
import type { Layer, OpenShape } from "../layers/layer.ts";
import { layerFromConfig } from "../layers/layer-from-config.ts";
import type { LoadOptions } from "./load-model.ts";
import type { Model } from "./model.ts";
import { assertPath, layerPaths, namedState, namedWeights } from "./save-model.ts";
import { Sequential } from "./sequential.ts";
import { MemoryWait } from "./wait-for-memory.ts";

export async function restoreModel(from: string | Uint8Array, options: LoadOptions): Promise<Model> {
  const name = from instanceof Uint8Array ? "bytes" : from;
  if (!(from instanceof Uint8Array)) assertPath(from, "loadModel");
  const bytes = from instanceof Uint8Array ? from : await readFile(from);
  const { decodeModel } = await import("../formats/config-tree.ts");
  const saved = decodeModel(bytes, name);
  return new MemoryWait(() => {}).for(() => restored(saved, options, name));
}

function restored({ config, arrays }: SavedModel, { compile = true }: LoadOptions, file: string): Model {
  if (config.class_name !== "Sequential") {
    throw new FormatError(
      `"${file}": a model of class ${JSON.stringify(config.class_name)}; this gradwise reads "Sequential".`,
    );
  }
  const values = new Map(arrays.map((array) => [array.name, array]));
  const model = inFile(file, () => built(config, values));
  const targets = namedWeights(model.layers);
  const compiled = config.compile_config;
  if (compiled !== undefined && compile) {
    const advice = " Or load without what compile chose: loadModel(path, { compile: false }).";
    targets.push(...inFile(file, () => restoredTraining(model, compiled), advice));
  }
  fill(targets, values, file, compile);
  const state = model.trainer?.state ?? null;
  if (state !== null) inFile(file, () => state.takeLearningRate());
  return model;
}

/** Whatever a file's configuration makes go wrong is the file's fault; `advice` says how to do without. */
function inFile<T>(file: string, body: () => T, advice = ""): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof FormatError || error instanceof MemoryError) throw error;
    const reason =
      error instanceof GradwiseError ? error.message : `its configuration cannot be read (${String(error)}).`;
    throw new FormatError(`"${file}": ${reason}${advice}`, { cause: error });
  }
}

function nameOf({ name }: JsonObject): string {
  if (typeof name === "string") return name;
  throw new ValueError(`the model's name is ${JSON.stringify(name) ?? "missing"}. Save the model again.`);
}

function layersOf({ layers }: JsonObject): Layer[] {
  if (!Array.isArray(layers))
    throw new ValueError("the model's configuration has no list of layers. Save the model again.");
  return layers.map((layer: unknown, i) => {
    if (isConfig(layer)) return layerFromConfig(layer);
    throw new ValueError(`layer ${i} of the model has no class_name and config. Save the model again.`);
  });
}

function isConfig(x: unknown): x is ConfigObject {
  if (typeof x !== "object" || x === null) return false;
  const { class_name: className, config } = x as Record<string, unknown>;
  const named =
    typeof config === "object" &&
    config !== null &&
    !Array.isArray(config) &&
    typeof (config as JsonObject)["name"] === "string";
  return typeof className === "string" && named;
}

/** Makes the layers and their weights, but none that the file has no values for, however large it says they are. */
function built(
  { config, build_config: buildConfig }: ConfigObject,
  values: ReadonlyMap<string, NamedArray>,
): Sequential {
  const layers = layersOf(config);
  const paths = layerPaths(layers);
  const inputShape = inputShapeOf(layers, buildConfig?.["input_shape"]);
  let shape = inputShape;
  layers.forEach((layer, i) => {
    if (shape === null) return;
    if (layer instanceof Dense) assertKernel(layer, shape, values.get(`${paths[i]}/vars/0`));
    shape = layer.computeOutputShape(shape);
  });
  const model = new Sequential(layers, { name: nameOf(config) });
  if (inputShape !== null) model.ensureBuilt(inputShape);
  return model;
}

/** Null for a model without weights yet. */
function inputShapeOf(layers: readonly Layer[], given: unknown): OpenShape | null {
  if (given === undefined) {
    const first = layers[0]?.inputShape ?? null;
    return first === null ? null : [null, ...first];
  }
  if (Array.isArray(given) && given.every((n) => n === null || (Number.isSafeInteger(n) && n >= 1))) return given;
  throw new ValueError(`the model's input shape is ${JSON.stringify(given).slice(0, 80)}. Save the model again.`);
}

function assertKernel(layer: Dense, inputShape: OpenShape, kernel: NamedArray | undefined): void {
  const wanted = [inputShape[inputShape.length - 1] ?? 0, layer.units];
  if (kernel !== undefined && sizeOf(kernel.shape) === sizeOf(wanted)) return;
  const got = kernel === undefined ? "none" : `one of shape ${shapeText(kernel.shape)}`;
  throw new ValueError(
    `${layer}: its configuration needs a kernel of shape ${shapeText(wanted)}, the file has ${got}. Save the model again.`,
  );
}

/** Compiles as the file says; gives the Variables of the training state that are to be filled. */
function restoredTraining(model: Model, compiled: JsonObject): [string, Variable][] {
  const { optimizer, loss, metrics, state } = compiled as Readonly<Record<string, never>>;
  if (optimizer === undefined) throw new ValueError("the configuration names no optimizer. Save the model again.");
  model.compile({ optimizer, loss, metrics: metrics ?? [] });
  if (state === undefined || model.trainer === null) return [];
  const { weights, key } = state as { readonly weights?: unknown; readonly key?: unknown };
  const count = model.variables.length;
  if (!isWholes(weights, count) || !isWholes(key, 2 ** 32) || key.length !== 2) {
    throw new ValueError("the training state does not fit the model. Save the model again.");
  }
  const shape = model.outputShape ?? [null];
  const made = model.trainer.makeState({ outputShape: shape, targetShape: shape });
  made.setKey([key[0], key[1]]);
  return namedState(model, made, weights);
}

/** Whether x is a list of different whole numbers below `limit` (a key's two may be equal). */
function isWholes(x: unknown, limit: number): x is number[] {
  return Array.isArray(x) && x.every((n) => Number.isInteger(n) && n >= 0 && n < limit);
}

/** Every array is checked before the first is written. */
function fill(
  targets: readonly [string, Variable][],
  values: ReadonlyMap<string, NamedArray>,
  file: string,
  all: boolean,
): void {
  const wanted = new Set(targets.map(([name]) => name));
  const extra = [...values.keys()].find((name) => !wanted.has(name) && (all || !name.startsWith("optimizer/")));
  if (extra !== undefined)
    throw new FormatError(
      `"${file}": the array ${JSON.stringify(extra)} belongs to no weight of the model. Save the model again.`,
    );
  const found = targets.map(([name, variable]) => {
    const array = values.get(name);
    const expected = `${variable.dtype} of shape ${shapeText(variable.shape)}`;
    if (array === undefined)
      throw new FormatError(`"${file}": the array "${name}" is missing, expected ${expected}. Save the model again.`);
    if (array.dtype !== variable.dtype || array.shape.join() !== variable.shape.join()) {
      throw new FormatError(
        `"${file}": "${name}" is ${array.dtype} of shape ${shapeText(array.shape)}, expected ${expected}. Save the model again.`,
      );
    }
    return { variable, data: array.data };
  });
  for (const { variable, data } of found) viewOfVariable(variable).set(data);
}

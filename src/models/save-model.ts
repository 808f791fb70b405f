import { readFile, writeFileAtomic } from "#platform";
import { FormatError, ValueError } from "../core/errors.ts";
import { snakeCase } from "../core/words.ts";
import { viewOfVariable } from "../engine/variable-values.ts";
import { type ConfigObject, decodeModel, encodeModel, type SavedModel } from "../formats/config-tree.ts";
import { joinBytes } from "../formats/join-bytes.ts";
import type { JsonObject } from "../formats/json.ts";
import type { NamedArray } from "../formats/named-array.ts";
import { Variable } from "../graph/variable.ts";
import { layerFromConfig } from "../layers/layer-from-config.ts";
import type { Model } from "./model.ts";
import { Sequential } from "./sequential.ts";
import type { TrainingState } from "./training-state.ts";

export async function saveModel(model: Model, path: string): Promise<void> {
  assertFormat(path);
  await writeFileAtomic(path, encodeModel(savedModel(model)));
}

export function modelBytes(model: Model): Uint8Array {
  return joinBytes(encodeModel(savedModel(model)));
}

/**
 * The model in a file (or in bytes), with its weights and, if it was compiled, its optimizer's state: training goes on
 * as if nothing had happened. Throws a FormatError that names the file.
 */
export async function loadModel(from: string | Uint8Array): Promise<Model> {
  if (typeof from !== "string") return restored(decodeModel(from, "bytes"), "bytes");
  assertFormat(from);
  return restored(decodeModel(await readFile(from), from), from);
}

function assertFormat(path: string): void {
  if (typeof path !== "string") throw new ValueError(`expected a path, got ${typeof path}. Save to "model.safetensors".`);
  if (path.endsWith(".safetensors")) return;
  if (path.endsWith(".keras")) {
    throw new FormatError(`"${path}": the .keras format is not there yet. Use a path that ends in .safetensors.`);
  }
  throw new FormatError(`"${path}": unknown format. Use a path that ends in .safetensors.`);
}

function savedModel(model: Model): SavedModel {
  const state = model.trainer?.state ?? null;
  const config = model.trainer === null ? model.config : { ...model.config, compile_config: compileConfig(model, state) };
  return { config, arrays: [...namedWeights(model), ...(state === null ? [] : namedSlots(model, state))].map(toArray) };
}

/** As Keras has it, and the shapes by which "accuracy" was chosen. */
function compileConfig(model: Model, state: TrainingState | null): JsonObject {
  const { optimizer, loss, metrics } = model.trainer as NonNullable<Model["trainer"]>;
  const chosen = state === null ? metrics.map((m) => (typeof m === "object" && "update" in m ? m.config : m)) : state.counters.map((c) => c.metric.config);
  return { optimizer: optimizer.config, loss: loss.config, metrics: chosen as readonly ConfigObject[], has_state: state !== null } as unknown as JsonObject;
}

/** Weights by Keras's paths: layers are numbered by class, not by name. */
function namedWeights(model: Model): [string, Variable][] {
  const counts = new Map<string, number>();
  return model.layers.flatMap((layer) => {
    const base = snakeCase(layer.className);
    const n = counts.get(base) ?? 0;
    counts.set(base, n + 1);
    const path = n === 0 ? base : `${base}_${n}`;
    return layer.variables.map((variable, i): [string, Variable] => [`layers/${path}/vars/${i}`, variable]);
  });
}

/** optimizer/vars/0 is the iteration, 1 the learning rate, then the slots, weight by weight. */
function namedSlots(model: Model, state: TrainingState): [string, Variable][] {
  const slots = model.trainableVariables.flatMap((weight) => [...state.slots(weight).values()]);
  return [state.iterations, state.learningRate, ...slots].map((variable, i) => [`optimizer/vars/${i}`, variable]);
}

function toArray([name, variable]: [string, Variable]): NamedArray {
  return { name, dtype: variable.dtype, shape: variable.shape, data: viewOfVariable(variable).slice() };
}

function restored({ config, arrays }: SavedModel, name: string): Model {
  if (config.class_name !== "Sequential") throw new FormatError(`"${name}": a model of class ${config.class_name}; this gradwise reads Sequential.`);
  const { layers, name: modelName } = config.config;
  if (!Array.isArray(layers)) throw new FormatError(`"${name}": the model's configuration has no list of layers.`);
  const model = new Sequential((layers as ConfigObject[]).map((layer) => layerFromConfig(layer)), { name: String(modelName) });
  const shape = config.build_config?.["input_shape"];
  if (Array.isArray(shape)) model.ensureBuilt(shape as (number | null)[]);
  const values = new Map(arrays.map((array) => [array.name, array]));
  const targets = namedWeights(model);
  const compiled = config.compile_config;
  if (compiled !== undefined) targets.push(...restoredTraining(model, compiled));
  fill(targets, values, name);
  if (model.trainer?.state != null) model.trainer.optimizer.learningRate = viewOfVariable(model.trainer.state.learningRate)[0];
  return model;
}

/** Compiles as the file says; gives the Variables of the training state that are to be filled. */
function restoredTraining(model: Model, compiled: JsonObject): [string, Variable][] {
  const { optimizer, loss, metrics, has_state: hasState } = compiled as unknown as Record<string, ConfigObject> & { metrics: ConfigObject[] };
  model.compile({ optimizer, loss, metrics });
  if (!hasState || model.trainer === null) return [];
  const outputShape = model.outputShape ?? [null];
  return namedSlots(model, model.trainer.makeState({ outputShape, targetShape: outputShape }));
}

/** Every array is checked before the first is written. */
function fill(targets: readonly [string, Variable][], values: ReadonlyMap<string, NamedArray>, file: string): void {
  const wanted = new Set(targets.map(([name]) => name));
  const extra = [...values.keys()].filter((name) => !wanted.has(name));
  if (extra.length > 0) throw new FormatError(`"${file}": the array "${extra[0]}" belongs to no weight of the model.`);
  const found = targets.map(([name, variable]) => {
    const array = values.get(name);
    if (array === undefined) throw new FormatError(`"${file}": the array "${name}" is missing; it holds a weight of shape (${variable.shape}).`);
    if (array.dtype !== variable.dtype || array.shape.join() !== variable.shape.join()) {
      throw new FormatError(`"${file}": "${name}" is ${array.dtype} of shape (${array.shape}), expected ${variable.dtype} of shape (${variable.shape}).`);
    }
    return { variable, data: array.data };
  });
  for (const { variable, data } of found) viewOfVariable(variable).set(data);
}

import type { TypedArray } from "../core/dtype.ts";
import { FormatError, ValueError } from "../core/errors.ts";
import { numberedByClass } from "../core/words.ts";
import type { ConfigObject, SavedModel } from "../formats/config-tree.ts";
import type { JsonObject } from "../formats/json.ts";
import type { NamedArray } from "../formats/named-array.ts";
import type { Variable } from "../graph/variable.ts";
import type { Layer } from "../layers/layer.ts";
import type { Model } from "./model.ts";
import type { Trainer } from "./trainer.ts";
import type { TrainingState } from "./training-state.ts";

/** What a file at this path is to hold, piece by piece. */
export async function modelFile(model: Model, path: string): Promise<Uint8Array[]> {
  assertPath(path, "save");
  const { encodeModel } = await import("../formats/config-tree.ts");
  return encodeModel(snapshot(model));
}

export async function modelBytes(model: Model): Promise<Uint8Array> {
  const { encodeModel } = await import("../formats/config-tree.ts");
  const { joinBytes } = await import("../formats/join-bytes.ts");
  return joinBytes(encodeModel(snapshot(model)));
}

export function assertPath(path: string, method: string): void {
  if (typeof path !== "string")
    throw new ValueError(`${method}: expected a path, got ${typeof path}. Try "model.safetensors".`);
  if (path.endsWith(".safetensors")) return;
  const what = path.endsWith(".keras") ? "the .keras format is not there yet" : "its ending names no format";
  throw new FormatError(`${method} "${path}": ${what}. Use a path that ends in .safetensors.`);
}

/** Copies, made between two steps: a fit that goes on changes nothing in them. */
function snapshot(model: Model): SavedModel {
  const { trainer } = model;
  if (trainer === null) return { config: model.config, arrays: namedWeights(model.layers).map(toArray) };
  const state = trainer.state;
  state?.syncLearningRate();
  const optimizer = state === null ? [] : namedState(model, state, slotted(model, state));
  return {
    config: { ...model.config, compile_config: compileConfig(model, trainer, state) },
    arrays: [...namedWeights(model.layers), ...optimizer].map(toArray),
  };
}

/**
 * As Keras has it. Besides: which weights the optimizer remembers something of (a layer may have been frozen since),
 * and the key that single steps draw from.
 */
function compileConfig(model: Model, { optimizer, loss, metrics }: Trainer, state: TrainingState | null): JsonObject {
  const given = metrics.map((like) => (typeof like === "object" && "update" in like ? like.config : like));
  const chosen = state === null ? given : state.counters.map(({ metric }) => metric.config);
  const base = { optimizer: optimizer.config, loss: loss.config, metrics: chosen as (string | ConfigObject)[] };
  if (state === null) return base;
  return { ...base, state: { weights: slotted(model, state), key: [...valuesOf(state.key)] } };
}

/** The places, among the model's weights, of those that are trained or were. */
function slotted(model: Model, state: TrainingState): number[] {
  const trained = new Set(model.trainableVariables);
  return [...model.variables.keys()].filter(
    (i) => trained.has(model.variables[i]) || state.hasSlots(model.variables[i]),
  );
}

/** Weights by Keras's paths: layers are numbered by class, not by name. */
export function namedWeights(layers: readonly Layer[]): [string, Variable][] {
  const paths = layerPaths(layers);
  return layers.flatMap((layer, at) =>
    layer.namedVariables.map(([path, variable]): [string, Variable] => [`${paths[at]}/${path}`, variable]),
  );
}

/** "layers/dense", "layers/dense_1" ... */
export function layerPaths(layers: readonly Layer[]): string[] {
  return numberedByClass(layers).map((name) => `layers/${name}`);
}

/** optimizer/vars/0 is the iteration, 1 the learning rate, then the slots, weight by weight. */
export function namedState(model: Model, state: TrainingState, weights: readonly number[]): [string, Variable][] {
  const all = model.variables;
  const variables = state.optimizerVariables(weights.map((i) => all[i]));
  return variables.map((variable, i) => [`optimizer/vars/${i}`, variable]);
}

function toArray([name, variable]: [string, Variable]): NamedArray {
  return { name, dtype: variable.dtype, shape: variable.shape, data: valuesOf(variable) };
}

/** A copy. What saves is loaded when it is needed: it imports nothing of the engine, which pages would then load in pieces. */
function valuesOf(variable: Variable): TypedArray {
  return variable.read().dataSync();
}

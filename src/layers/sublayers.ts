// tested by src/layers/composite.test.ts
import { ValueError } from "../core/errors.ts";
import { numberedByClass, snakeCase } from "../core/words.ts";
import type { Variable } from "../graph/variable.ts";
import type { Layer } from "./layer.ts";

/** The layers that a layer is made of: those in its public fields, and those added by name. */
export class Sublayers {
  readonly #owner: Layer;
  readonly #isLayer: (x: unknown) => x is Layer;
  readonly #added: Record<string, Layer> = {};
  /** Known once and for all when the owner is built. */
  #known: { readonly byPath: ReadonlyMap<string, Layer>; readonly paths: ReadonlyMap<Layer, string> } | null = null;

  constructor(owner: Layer, isLayer: (x: unknown) => x is Layer) {
    this.#owner = owner;
    this.#isLayer = isLayer;
  }

  add(name: string, layer: Layer): void {
    const what = `${this.#owner}: addLayer "${name}"`;
    if (!this.#isLayer(layer)) throw new ValueError(`${what} expected a layer, got ${typeof layer}.`);
    if (Object.hasOwn(this.#added, name))
      throw new ValueError(`${what}: another layer has this name. Give each a name of its own.`);
    this.#added[name] = layer;
  }

  get byPath(): ReadonlyMap<string, Layer> {
    return this.#known?.byPath ?? layersIn([this.#owner, this.#added], this.#isLayer);
  }

  get all(): readonly Layer[] {
    return [...this.byPath.values()];
  }

  /** Where a layer lies among these, and their own. */
  pathOf(layer: Layer): string | undefined {
    return (this.#known?.paths ?? pathsIn(this.byPath)).get(layer);
  }

  /** Parts are called by their paths unless they have names, and are frozen with their owner. */
  adopt(): void {
    for (const [path, part] of this.byPath) {
      if (!part.hasOwnName && part.name === snakeCase(part.className)) part.name = path;
      if (!this.#owner.trainable) part.trainable = false;
    }
  }

  /** From here on fields are not searched any more. */
  settle(): void {
    const { byPath } = this;
    this.#known = { byPath, paths: pathsIn(byPath) };
  }

  /** The owner's weights, then those of the parts, each once, by Keras's paths in files. */
  namedVariables(own: readonly Variable[]): readonly (readonly [path: string, variable: Variable])[] {
    const found = new Map(own.map((variable, i) => [variable, `vars/${i}`]));
    for (const [path, part] of this.byPath) {
      for (const [inner, variable] of part.namedVariables)
        if (!found.has(variable)) found.set(variable, `${path}/${inner}`);
    }
    return [...found].map(([variable, path]) => [path, variable]);
  }
}

/** Parts and their parts, by path. */
function pathsIn(byPath: ReadonlyMap<string, Layer>): Map<Layer, string> {
  const paths = new Map<Layer, string>();
  for (const [path, part] of byPath) {
    if (!paths.has(part)) paths.set(part, path);
    for (const [inner, at] of pathsIn(part.sublayers)) if (!paths.has(inner)) paths.set(inner, `${path}/${at}`);
  }
  return paths;
}

/**
 * The layers in public fields, by path: the field's name, and for a list or a plain object of layers their numbers by
 * class: "attention", "feed_forward/dense_1". A layer that is there twice keeps its first path.
 */
function layersIn(owners: readonly object[], isLayer: (x: unknown) => x is Layer): Map<string, Layer> {
  const found = new Map<string, Layer>();
  const known = new Set<Layer>();
  const add = (path: string, layer: Layer): void => {
    if (!known.has(layer)) found.set(path, layer);
    known.add(layer);
  };
  for (const [field, value] of owners.flatMap((owner) => Object.entries(owner))) {
    const path = snakeCase(field);
    if (isLayer(value)) add(path, value);
    const items = itemsOf(value).filter(isLayer);
    numberedByClass(items).forEach((name, i) => {
      add(`${path}/${name}`, items[i]);
    });
  }
  return found;
}

function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const isPlain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? Object.values(value) : [];
}

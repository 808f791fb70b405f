import { floatx, isFloat } from "../core/dtype.ts";
import { ShapeError, ValueError } from "../core/errors.ts";
import { fold, type Key, keyOf } from "../core/random-key.ts";
import { assertSeed, nextDefaultKey } from "../core/random-source.ts";
import { shapeText } from "../core/shape.ts";
import type { Any, Shape } from "../core/shape-types.ts";
import { snakeCase } from "../core/words.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { Tensor } from "../graph/tensor.ts";
import { InputLayer } from "../layers/input.ts";
import { Layer, type OpenShape } from "../layers/layer.ts";
import { channelsFirstHint } from "../layers/spatial-input.ts";
import type { Checked, InOf, Known, OutOf, Stack } from "../layers/stack-types.ts";
import { castTo } from "../ops/cast.ts";
import { foldKey } from "../ops/fold-key.ts";
import { Model } from "./model.ts";

export interface SequentialOptions {
  /** For the weights: the same seed gives the same weights. */
  readonly seed?: number;
  readonly name?: string;
}

/** Layers one after the other: y = layers[n](... layers[1](layers[0](x))). */
export class Sequential<I = Any, O = Any> extends Model<I, O> {
  readonly layers: readonly Layer[];
  readonly #key: Key;
  #inputShape: OpenShape | null = null;
  #outputShape: OpenShape | null = null;

  constructor(layers: readonly Layer[], options: SequentialOptions = {}) {
    super(options.name ?? "sequential");
    if (!Array.isArray(layers))
      throw new ValueError(
        `${this}: expected a list of layers, got ${typeof layers}. Write sequential([layers.dense({ units: 1 })]).`,
      );
    if (options.seed !== undefined) assertSeed(options.seed, this.toString());
    this.layers = [...layers];
    this.#key = options.seed === undefined ? nextDefaultKey() : keyOf(options.seed);
    this.layers.forEach((layer, i) => {
      if (!(layer instanceof Layer))
        throw new ValueError(`${this}: item ${i} is not a layer. Use layers.dense({ units: 3 }) and the like.`);
    });
    nameLayers(this.layers, this.toString());
    const first = this.layers[0]?.inputShape;
    if (first != null) this.ensureBuilt([null, ...first]);
  }

  override toString(): string {
    return `sequential "${this.name}"`;
  }

  get built(): boolean {
    return this.#inputShape !== null;
  }

  get inputShape(): OpenShape | null {
    return this.#inputShape;
  }

  get outputShape(): OpenShape | null {
    return this.#outputShape;
  }

  ensureBuilt(inputShape: OpenShape): void {
    if (this.#inputShape !== null) {
      this.#assertInput(inputShape);
      return;
    }
    if (this.layers.length === 0)
      throw new ValueError(`${this}: no layers. Give at least one: sequential([layers.dense({ units: 1 })]).`);
    let shape: OpenShape = inputShape;
    this.layers.forEach((layer, i) => {
      layer.ensureBuilt(shape, fold(this.#key, i));
      shape = layer.computeOutputShape(shape);
    });
    this.#inputShape = [null, ...inputShape.slice(1)];
    this.#outputShape = shape;
  }

  computeOutputShape(inputShape: OpenShape): OpenShape {
    this.ensureBuilt(inputShape);
    let shape = inputShape;
    for (const layer of this.layers) shape = layer.computeOutputShape(shape);
    return shape;
  }

  override checkValues(x: Tensor): void {
    const first = this.layers.find((layer) => !(layer instanceof InputLayer));
    if (first?.takesIntegers !== true) return;
    const source = x["~source"];
    first.checkValues(source.kind === "host" ? source.array : x.dataSync());
  }

  forward(x: Tensor, { training, key }: { readonly training: boolean; readonly key: Tensor | null }): Tensor {
    let y = x;
    this.layers.forEach((layer, i) => {
      // Ints are pictures or counts, unless the first layer to see them looks something up.
      const asFloats = y === x && !isFloat(x.dtype) && !layer.takesIntegers;
      y = layer.apply(asFloats ? castTo(x, floatx()) : y, { training, key: key === null ? null : foldKey(key, i) });
    });
    return y;
  }

  get config(): ConfigObject {
    const build = this.#inputShape === null ? {} : { build_config: { input_shape: [...this.#inputShape] } };
    const config = { name: this.name, trainable: true, layers: this.layers.map((layer) => layer.config) };
    return { module: "keras", class_name: "Sequential", config, registered_name: null, ...build };
  }

  #assertInput(shape: OpenShape): void {
    const built = this.#inputShape as OpenShape;
    const fits =
      shape.length === built.length &&
      shape.every((n, axis) => axis === 0 || built[axis] === null || n === null || n === built[axis]);
    if (fits) return;
    throw new ShapeError(
      `${this}: expected input of shape ${shapeText(built)}, got ${shapeText(shape)}. The first axis counts samples.${channelsFirstHint(built, shape)}`,
    );
  }
}

/** Layers that a model has numbered: another that shares them keeps their names. */
const numbered = new WeakSet<Layer>();

/** dense, dense_1, dense_2: names that nobody chose are numbered by class. */
function nameLayers(layers: readonly Layer[], model: string): void {
  const taken = new Set<string>();
  const open: Layer[] = [];
  layers.forEach((layer, i) => {
    if (layers.indexOf(layer) !== i) {
      throw new ValueError(
        `${model}: ${layer} is in the list twice, as items ${layers.indexOf(layer)} and ${i}. Make a layer for each place.`,
      );
    }
    if (!layer.hasOwnName && (!numbered.has(layer) || taken.has(layer.name))) open.push(layer);
    else if (!taken.has(layer.name)) taken.add(layer.name);
    else throw new ValueError(`${model}: two layers are called "${layer.name}". Give each a name of its own.`);
  });
  for (const layer of open) {
    const base = snakeCase(layer.className);
    let n = 0;
    while (taken.has(n === 0 ? base : `${base}_${n}`)) n++;
    layer.name = n === 0 ? base : `${base}_${n}`;
    taken.add(layer.name);
    numbered.add(layer);
  }
}

/**
 * A model of layers in a row. Shapes that do not fit are errors at the layer, in the editor where they are known.
 *
 *     const net = sequential([layers.dense({ units: 25, activation: "relu" }), layers.dense({ units: 10 })]);
 */
export function sequential<const L extends Stack>(
  layers: L & Checked<L, Shape>,
  options: SequentialOptions = {},
): Sequential<Known<InOf<L>>, Known<OutOf<L, Shape>>> {
  const items: readonly Any[] = layers;
  return new Sequential(items, options);
}

import { type DType, floatx, isDType, isFloat, type TypedArray } from "../core/dtype.ts";
import { DTypeError, StateError, TraceError, ValueError } from "../core/errors.ts";
import { fold, type Key } from "../core/random-key.ts";
import { nextDefaultKey } from "../core/random-source.ts";
import { assertShape, type Shape } from "../core/shape.ts";
import type { Any, Check, Out } from "../core/shape-types.ts";
import { snakeCase } from "../core/words.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { JsonObject } from "../formats/json.ts";
import { withScope } from "../graph/scope.ts";
import { type S_, Tensor } from "../graph/tensor.ts";
import { currentTrace } from "../graph/trace.ts";
import { Variable } from "../graph/variable.ts";
import { getInitializer, type InitializerLike } from "../initializers/get-initializer.ts";
import { castTo } from "../ops/cast.ts";
import { contextFor, inFrame, keyFromCaller, onceTraced, stopToBuild, strangerTo } from "./call-frame.ts";
import { buildParts, inferOutputShape } from "./infer-output-shape.ts";
import { assignWeights } from "./layer-weights.ts";
import type { Apply, ShapeRule } from "./shape-rule.ts";
import { Sublayers } from "./sublayers.ts";

/** Sizes by axis; null is open, as the batch is. */
export type OpenShape = readonly (number | null)[];

/** The options that every layer takes. */
export interface LayerOptions {
  /** By default Keras's name of the class, numbered by the model: dense, dense_1. */
  readonly name?: string;
  /** Whether the model trains the weights; true by default. */
  readonly trainable?: boolean;
  /** Of the weights and of float inputs; floatx by default. */
  readonly dtype?: DType;
  /** Sizes of one sample, without the batch: a model that starts with this layer is built at once. */
  readonly inputShape?: OpenShape;
}

/** What a call depends on besides its input. */
export interface CallContext {
  readonly training: boolean;
  /** A random key for this call, where there is one. */
  readonly key: Tensor | null;
  /** [batch, steps]: false marks a step that does not count. */
  readonly mask: Tensor | null;
}

export interface WeightOptions {
  readonly initializer?: InitializerLike;
  /** true by default; false for moving averages and the like. */
  readonly trainable?: boolean;
  /** By default the layer's key, folded with the weight's index. */
  readonly key?: Key;
  readonly dtype?: DType;
}

/**
 * A step of a network: its options are its configuration. Users call `apply`; subclasses write `build` and `call`.
 *
 * A layer may be made of others: those in its public fields (alone, in lists, in plain objects), and those given to
 * `addLayer`, are its parts. `call` applies them; their weights are the layer's, after its own, in the fields' order.
 */
export abstract class Layer<out F extends ShapeRule = Any> {
  declare readonly "~rule": F;
  /** Shown in errors and summaries; the model numbers names that nobody chose. */
  name: string;
  readonly hasOwnName: boolean;
  readonly dtype: DType;
  readonly inputShape: OpenShape | null;
  #trainable: boolean;
  #built = false;
  #key: Key | null = null;
  readonly #variables: Variable[] = [];
  readonly #sublayers = new Sublayers(this, (x) => x instanceof Layer);

  constructor(options: LayerOptions = {}) {
    this.name = options.name ?? snakeCase(this.className);
    this.hasOwnName = options.name !== undefined;
    this.dtype = options.dtype ?? floatx();
    this.inputShape = options.inputShape ?? null;
    this.#trainable = options.trainable ?? true;
    if (!isDType(this.dtype))
      throw new DTypeError(`${this}: unknown dtype ${JSON.stringify(this.dtype)}. Use "float32".`);
  }

  /** Keras's name of the class, in files too. */
  get className(): string {
    return this.constructor.name;
  }

  /** `dense "layer1"`: how messages start. */
  toString(): string {
    return `${snakeCase(this.className)} "${this.name}"`;
  }

  /** Whether the weights exist. */
  get built(): boolean {
    return this.#built;
  }

  get trainable(): boolean {
    return this.#trainable;
  }

  /** Frozen or not, for all of the layer's weights and parts; a step compiled before is compiled again. */
  set trainable(value: boolean) {
    this.#trainable = value;
    for (const part of this.#sublayers.all) part.trainable = value;
  }

  /** The layers that this one is made of, by path: the field that holds it, "attention", or "blocks/dense_1" of a list. */
  get sublayers(): ReadonlyMap<string, Layer> {
    return this.#sublayers.byPath;
  }

  /** Where a layer lies among the parts, and theirs: "feed_forward/dense"; undefined where it does not. */
  pathOf(layer: Layer): string | undefined {
    return this.#sublayers.pathOf(layer);
  }

  /** Makes a layer a part of this one that no public field holds: `#inner = this.addLayer("inner", layers.dense(...))`. */
  protected addLayer<L extends Layer>(name: string, layer: L): L {
    this.#sublayers.add(name, layer);
    return layer;
  }

  /** All weights in Keras's order: those that can be trained, then the others, then those of the parts. */
  get variables(): readonly Variable[] {
    return this.namedVariables.map(([, variable]) => variable);
  }

  /** The weights by Keras's paths in files: "vars/0", and "attention/query_dense/vars/0" of a part. */
  get namedVariables(): readonly (readonly [path: string, variable: Variable])[] {
    const [trained, others] = [true, false].map((t) => this.#variables.filter((v) => v.trainable === t));
    return this.#sublayers.namedVariables([...trained, ...others]);
  }

  /** What gradients are taken of: nothing where the layer is frozen. */
  get trainableVariables(): readonly Variable[] {
    if (!this.#trainable) return [];
    const own = this.#variables.filter((v) => v.trainable);
    const parts = this.#sublayers.all.flatMap((part) => part.trainableVariables);
    return parts.length === 0 ? own : [...new Set([...own, ...parts])];
  }

  /** Whether ints reach `call` as they are. A model makes them floats for the first layer that does not take them. */
  get takesIntegers(): boolean {
    return false;
  }

  /** Throws where a model's input, whose first layer this is, holds values that cannot be taken; programs do not look. */
  checkValues(_values: TypedArray): void {}

  /** Makes a weight; for `build` and constructors. */
  protected addWeight(name: string, shape: Shape, options: WeightOptions = {}): Variable {
    assertShape(shape, `${this}: weight "${name}"`);
    if (currentTrace() !== null) {
      const advice =
        "Call the layer once before, or build the model. A layer in another's call belongs in a public field of that.";
      throw new TraceError(`${this}: its weights would be made inside a traced function. ${advice}`);
    }
    const key = options.key ?? fold(this["~weightKey"](), this.#variables.length);
    const initial = getInitializer(options.initializer ?? "glorotUniform").make(
      shape,
      options.dtype ?? this.dtype,
      key,
    );
    const variable = new Variable(initial, { name, trainable: options.trainable ?? true });
    this.#variables.push(variable);
    return variable;
  }

  /** For parts: the key that weights are drawn by. */
  "~weightKey"(): Key {
    this.#key ??= nextDefaultKey();
    return this.#key;
  }

  /** Makes the weights for inputs of these shapes; a subclass with weights writes it. Parts may be left to `call`. */
  build(_inputShape: OpenShape, ..._others: readonly OpenShape[]): void {}

  /** For models: makes the weights and those of the parts, from this key, unless they are there. */
  ensureBuilt(inputShape: OpenShape, key: Key | null = null, others: readonly OpenShape[] = []): void {
    if (this.#built) return;
    this.assertInput(inputShape);
    stopToBuild(this, [inputShape, ...others]);
    this.#key ??= key ?? keyFromCaller(this);
    const before = this.#variables.length;
    try {
      inFrame(this, null, () => this.build(inputShape, ...others));
      this.#sublayers.adopt();
      buildParts(this, inputShape);
    } catch (error) {
      this.#variables.length = before; // a build that failed can be tried again
      throw error;
    }
    this.#sublayers.settle();
    this.#built = true;
  }

  /** Throws a ShapeError where inputs of this shape cannot be taken; knows the weights once they are there. */
  protected assertInput(_shape: OpenShape): void {}

  /** The layer's function, in ops. Users call `apply`. */
  abstract call(x: Tensor, ctx: CallContext): Tensor;

  /** The layer's output for x: builds the weights at first, and checks. */
  apply<A extends Tensor>(x: A & Check<Apply<F, S_<A>>>, ctx?: Partial<CallContext>): Tensor<Out<Apply<F, S_<A>>>, Any>;
  apply(x: Tensor, ctx: Partial<CallContext> = {}): Tensor {
    if (!(x instanceof Tensor)) {
      throw new ValueError(`${this}: expected a tensor, got ${x === null ? "null" : typeof x}. Use tensor(values).`);
    }
    this.assertInput(x.shape);
    return this.run([x], ctx, ([input], full) => this.call(input, full));
  }

  /** What `apply` does around `call`; for methods of a subclass that take several inputs, whose shapes `build` gets. */
  protected run(
    inputs: readonly Tensor[],
    ctx: Partial<CallContext>,
    body: (inputs: readonly Tensor[], ctx: CallContext) => Tensor,
  ): Tensor {
    const [shape, ...others] = inputs.map((x): OpenShape => x.shape);
    this.ensureBuilt(shape, null, others);
    const stranger = strangerTo(this);
    if (stranger !== null && this.variables.length > 0) {
      const advice = "Hold it in a public field, or give it to addLayer.";
      throw new StateError(`${stranger} calls ${this}, which is none of its parts: it would not train it. ${advice}`);
    }
    const full = contextFor(this, ctx);
    const given = inputs.map((x) =>
      isFloat(x.dtype) && isFloat(this.dtype) && x.dtype !== this.dtype ? castTo(x, this.dtype) : x,
    );
    return onceTraced(this, given, () => {
      const y = withScope(this.name, () => inFrame(this, full, () => body(given, full)));
      if (y instanceof Tensor) return y;
      throw new ValueError(
        `${this}: its call returned ${y === null ? "null" : typeof y}. Return a tensor from call(x, ctx).`,
      );
    });
  }

  /** The output's shape for an input's, open sizes included; found by tracing `call` unless a subclass says it. */
  computeOutputShape(inputShape: OpenShape): (number | null)[] {
    this.assertInput(inputShape);
    this.ensureBuilt(inputShape);
    return inferOutputShape(this, inputShape);
  }

  /** The number of values in the weights. */
  countParams(): number {
    this.#assertBuilt("countParams");
    return this.variables.reduce((sum, v) => sum + v.size, 0);
  }

  /** The weights' values, in the order of `variables`. */
  getWeights(): Tensor[] {
    this.#assertBuilt("getWeights");
    return this.variables.map((v) => v.read());
  }

  /** Sets all weights, in the order of `variables`: tensors, or typed arrays in row-major order. */
  setWeights(weights: readonly (Tensor | TypedArray)[]): void {
    this.#assertBuilt("setWeights");
    assignWeights(this.variables, weights, this.toString());
  }

  /** The options by Keras's names; a subclass adds its own. */
  getConfig(): JsonObject {
    const dtype = { module: "keras", class_name: "DTypePolicy", config: { name: this.dtype }, registered_name: null };
    return { name: this.name, trainable: this.#trainable, dtype };
  }

  /** As Keras writes it; layerFromConfig makes the layer again. */
  get config(): ConfigObject {
    return { module: "keras.layers", class_name: this.className, config: this.getConfig(), registered_name: null };
  }

  #assertBuilt(method: string): void {
    if (this.#built) return;
    throw new StateError(`${this}: ${method} before its weights exist. Call it on data first, or build the model.`);
  }
}

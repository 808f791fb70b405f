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
import { inferOutputShape } from "./infer-output-shape.ts";
import { assignWeights } from "./layer-weights.ts";
import type { Apply, ShapeRule } from "./shape-rule.ts";

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

/** A step of a network: its options are its configuration. Users call `apply`; subclasses write `build` and `call`. */
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

  /** Frozen or not, for all of the layer's weights; a step compiled before is compiled again. */
  set trainable(value: boolean) {
    this.#trainable = value;
  }

  /** All weights in Keras's order: those that can be trained, then the others. */
  get variables(): readonly Variable[] {
    return [...this.#variables.filter((v) => v.trainable), ...this.#variables.filter((v) => !v.trainable)];
  }

  /** What gradients are taken of: nothing where the layer is frozen. */
  get trainableVariables(): readonly Variable[] {
    return this.#trainable ? this.#variables.filter((v) => v.trainable) : [];
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
      const advice = "Call the layer once before, or build the model.";
      throw new TraceError(`${this}: its weights would be made inside a traced function. ${advice}`);
    }
    this.#key ??= nextDefaultKey();
    const key = options.key ?? fold(this.#key, this.#variables.length);
    const initial = getInitializer(options.initializer ?? "glorotUniform").make(
      shape,
      options.dtype ?? this.dtype,
      key,
    );
    const variable = new Variable(initial, { name, trainable: options.trainable ?? true });
    this.#variables.push(variable);
    return variable;
  }

  /** Makes the weights for inputs of this shape; a subclass with weights writes it. */
  build(_inputShape: OpenShape): void {}

  /** For models: makes the weights, from this key, unless they are there. */
  ensureBuilt(inputShape: OpenShape, key: Key | null = null): void {
    if (this.#built) return;
    this.assertInput(inputShape);
    this.#key ??= key;
    const before = this.#variables.length;
    try {
      this.build(inputShape);
    } catch (error) {
      this.#variables.length = before; // a build that failed can be tried again
      throw error;
    }
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
    this.ensureBuilt(x.shape);
    const input = isFloat(x.dtype) && isFloat(this.dtype) && x.dtype !== this.dtype ? castTo(x, this.dtype) : x;
    const y = withScope(this.name, () => this.call(input, { training: false, key: null, mask: null, ...ctx }));
    if (!(y instanceof Tensor)) {
      throw new ValueError(
        `${this}: its call returned ${y === null ? "null" : typeof y}. Return a tensor from call(x, ctx).`,
      );
    }
    return y;
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
    return this.#variables.reduce((sum, v) => sum + v.size, 0);
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

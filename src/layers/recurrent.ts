// tested by src/layers/simple-rnn.test.ts
import type { Activation } from "../activations/activation.ts";
import { type ActivationLike, activationName, getActivation } from "../activations/get-activation.ts";
import { ShapeError, StateError, ValueError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import type { Any } from "../core/shape-types.ts";
import { scan } from "../engine/loops.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Variable } from "../graph/variable.ts";
import { getInitializer, type InitializerLike } from "../initializers/get-initializer.ts";
import type { Initializer } from "../initializers/initializer.ts";
import { add } from "../ops/add.ts";
import { fill } from "../ops/constant.ts";
import { div } from "../ops/div.ts";
import { foldKey } from "../ops/fold-key.ts";
import { matmul } from "../ops/matmul.ts";
import { mul } from "../ops/mul.ts";
import { bernoulli } from "../ops/random.ts";
import { reverse } from "../ops/reverse.ts";
import { transpose } from "../ops/transpose.ts";
import { where } from "../ops/where.ts";
import { type CallContext, Layer, type LayerOptions, type OpenShape } from "./layer.ts";
import type { ShapeRule } from "./shape-rule.ts";

export interface RecurrentOptions<U extends number = number, All extends boolean = boolean> extends LayerOptions {
  /** The size of the state. */
  readonly units: U;
  /** "tanh" by default. */
  readonly activation?: ActivationLike | null;
  /** true by default. */
  readonly useBias?: boolean;
  /** Gives the state after every step instead of the last; false by default. */
  readonly returnSequences?: All;
  /** Walks from the last step to the first; sequences come out in that order. */
  readonly goBackwards?: boolean;
  /** The share of inputs that become 0 in training, the same features at every step; 0 by default. */
  readonly dropout?: number;
  /** The share of the state's values that the next step does not see in training; 0 by default. */
  readonly recurrentDropout?: number;
  /** Mixed into the key of each call, so that layers with other seeds drop other values. */
  readonly seed?: number;
  /** "glorotUniform" by default. */
  readonly kernelInitializer?: InitializerLike;
  /** "orthogonal" by default. */
  readonly recurrentInitializer?: InitializerLike;
  /** "zeros" by default. */
  readonly biasInitializer?: InitializerLike;
}

/**
 * What recurrent layers share: the inputs of all steps go through one product, z_t = x_t W + b, then a loop inside the
 * program computes the states s_t = step(z_t, h_t-1 U, s_t-1), whose first, h, is what the layer gives. W [features,
 * gates x units], U [units, gates x units], b [gates x units]; the first states are 0.
 */
export abstract class Recurrent<R extends ShapeRule = Any> extends Layer<R> {
  readonly units: number;
  readonly activation: Activation;
  readonly useBias: boolean;
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly seed: number | null;
  readonly kernelInitializer: Initializer;
  readonly recurrentInitializer: Initializer;
  readonly biasInitializer: Initializer;
  kernel: Variable | null = null;
  recurrentKernel: Variable | null = null;
  bias: Variable | null = null;

  constructor(options: RecurrentOptions) {
    super(options);
    this.units = options.units;
    if (!Number.isSafeInteger(this.units) || this.units < 1) {
      throw new ValueError(`${this}: expected units to be a whole number of at least 1, got ${String(this.units)}.`);
    }
    this.activation = getActivation(options.activation === undefined ? "tanh" : options.activation);
    this.useBias = options.useBias ?? true;
    this.returnSequences = options.returnSequences ?? false;
    this.goBackwards = options.goBackwards ?? false;
    this.dropout = this.#rateOf("dropout", options.dropout);
    this.recurrentDropout = this.#rateOf("recurrentDropout", options.recurrentDropout);
    this.seed = options.seed ?? null;
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? "glorotUniform");
    this.recurrentInitializer = getInitializer(options.recurrentInitializer ?? "orthogonal");
    this.biasInitializer = getInitializer(options.biasInitializer ?? "zeros");
  }

  /** How many products of x and h a step needs, each of `units` values. */
  protected abstract get gates(): number;
  /** How many states go from step to step. */
  protected abstract get states(): number;
  /** The next states, [batch, units] each, from z = x_t W + b + h U, [batch, gates x units], and the states before. */
  protected abstract step(z: Tensor, states: readonly Tensor[]): readonly Tensor[];

  /** Where the bias starts. */
  protected get biasStart(): Initializer {
    return this.biasInitializer;
  }

  #rateOf(name: string, rate = 0): number {
    if (typeof rate === "number" && rate >= 0 && rate < 1) return rate;
    throw new ValueError(`${this}: expected ${name} of at least 0 and below 1, got ${String(rate)}. Try 0.2.`);
  }

  override build(inputShape: OpenShape): void {
    const features = inputShape[2];
    if (features === null) {
      throw new ShapeError(`${this}: expected a known size on the last axis, got shape ${shapeText(inputShape)}.`);
    }
    const width = this.gates * this.units;
    this.kernel = this.addWeight("kernel", [features, width], { initializer: this.kernelInitializer });
    const initializer = this.recurrentInitializer;
    this.recurrentKernel = this.addWeight("recurrent_kernel", [this.units, width], { initializer });
    if (this.useBias) this.bias = this.addWeight("bias", [width], { initializer: this.biasStart });
  }

  protected override assertInput(shape: OpenShape): void {
    const [, steps, features] = shape;
    if (shape.length !== 3) {
      const advice =
        shape.length === 2
          ? `Add an axis for the features: x.reshape([${shape.map((n) => n ?? -1).join(", ")}, 1]).`
          : "Reshape it, so that each step is one list of features.";
      throw new ShapeError(`${this}: expected [batch, steps, features], got ${shapeText(shape)}. ${advice}`);
    }
    if (steps === 0) {
      throw new ShapeError(
        `${this}: expected at least one step, got sequences of length 0 in shape ${shapeText(shape)}. Leave them out, or pad them.`,
      );
    }
    const wanted = this.kernel?.shape[0];
    if (wanted === undefined || features === null || features === wanted) return;
    throw new ShapeError(
      `${this}: expected ${wanted} features a step, got ${features} in shape ${shapeText(shape)}. Its weights were made for ${wanted}.`,
    );
  }

  override call(x: Tensor, ctx: CallContext): Tensor {
    const { kernel, recurrentKernel, bias, units } = this;
    if (kernel === null || recurrentKernel === null)
      throw new StateError(`${this}: call before build. Use ${this.name}.apply(x).`);
    const batch = x.shape[0];
    const kept = this.#kept(ctx, 0, this.dropout, [batch, 1, x.shape[2]], x);
    const seen = this.#kept(ctx, 1, this.recurrentDropout, [batch, units], x);
    // Steps first: a step's rows then lie together, and one product takes the rows of all steps.
    const steps: Tensor = transpose(kept === null ? x : mul(x, kept), [1, 0, 2]);
    const z: Tensor = matmul(steps, kernel.read(), bias === null ? {} : { bias: bias.read() });
    const start = fill([batch, units], 0, z.dtype);
    const { carry, ys } = scan(
      (states: readonly Tensor[], projected: Tensor) => {
        const h: Tensor = seen === null ? states[0] : mul(states[0], seen);
        const next = this.step(add(projected, matmul(h, recurrentKernel.read())), states);
        return { carry: next, y: this.returnSequences ? [next[0]] : [] };
      },
      Array.from({ length: this.states }, () => start),
      z,
      { reverse: this.goBackwards, ...(ctx.mask === null ? {} : { mask: transpose(ctx.mask) as Tensor }) },
    );
    if (!this.returnSequences) return carry[0];
    const all: Tensor = transpose(ys[0], [1, 0, 2]);
    return this.goBackwards ? (reverse(all, { axis: 1 }) as Tensor) : all;
  }

  /** In training: 0 for values that are dropped, 1 / keep for the others; null where nothing is. */
  #kept({ training, key }: CallContext, number: number, rate: number, shape: number[], x: Tensor): Tensor | null {
    if (!training || rate === 0) return null;
    if (key === null)
      throw new StateError(`${this}: training needs a key. Pass { training: true, key: random.key(7) }.`);
    const own = foldKey(this.seed === null ? key : foldKey(key, this.seed), number);
    const one = fill(shape, 1, x.dtype);
    return where(bernoulli({ shape, key: own, p: 1 - rate }), div(one, 1 - rate), 0) as Tensor;
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    this.assertInput(inputShape);
    const [batch, steps] = inputShape;
    return this.returnSequences ? [batch, steps, this.units] : [batch, this.units];
  }

  override getConfig(): JsonObject {
    return {
      ...super.getConfig(),
      return_sequences: this.returnSequences,
      return_state: false,
      go_backwards: this.goBackwards,
      stateful: false,
      unroll: false,
      zero_output_for_mask: false,
      units: this.units,
      activation: activationName(this.activation, this.toString()),
      use_bias: this.useBias,
      kernel_initializer: this.kernelInitializer.config,
      recurrent_initializer: this.recurrentInitializer.config,
      bias_initializer: this.biasInitializer.config,
      dropout: this.dropout,
      recurrent_dropout: this.recurrentDropout,
      ...(this.seed === null ? {} : { seed: this.seed }),
    };
  }
}

import { StateError, ValueError } from "../core/errors.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Variable } from "../graph/variable.ts";
import { getInitializer, type InitializerLike } from "../initializers/get-initializer.ts";
import type { Initializer } from "../initializers/initializer.ts";
import { add } from "../ops/add.ts";
import { mean } from "../ops/mean.ts";
import { mul } from "../ops/mul.ts";
import { reshape } from "../ops/reshape.ts";
import { variance } from "../ops/variance.ts";
import { type CallContext, Layer, type LayerOptions, type OpenShape } from "./layer.ts";
import { along, assertEpsilon, featureAxes, featureSizes, normalized } from "./normalization.ts";
import type { Same } from "./shape-rule.ts";

export interface BatchNormalizationOptions extends LayerOptions {
  /** The features' axis; -1 by default. */
  readonly axis?: number;
  /** How much of the moving averages a step keeps, from 0 to 1; 0.99 by default. */
  readonly momentum?: number;
  /** Added to the variance; 1e-3 by default. */
  readonly epsilon?: number;
  /** Whether beta is added; true by default. */
  readonly center?: boolean;
  /** Whether gamma multiplies; true by default. */
  readonly scale?: boolean;
  /** "zeros" by default. */
  readonly betaInitializer?: InitializerLike;
  /** "ones" by default. */
  readonly gammaInitializer?: InitializerLike;
  /** "zeros" by default. */
  readonly movingMeanInitializer?: InitializerLike;
  /** "ones" by default. */
  readonly movingVarianceInitializer?: InitializerLike;
}

type WeightName = "gamma" | "beta" | "movingMean" | "movingVariance";

/**
 * y = gamma (x - mean) / sqrt(variance + epsilon) + beta. In training, mean and variance are those of the batch, feature
 * by feature, and the moving averages take them in: m = momentum m + (1 - momentum) mean. In use, and where the layer is
 * frozen, they are the moving averages. Ioffe and Szegedy, Batch Normalization, 2015.
 */
export class BatchNormalization extends Layer<Same> {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly #initializers: Readonly<Record<WeightName, Initializer>>;
  gamma: Variable | null = null;
  beta: Variable | null = null;
  movingMean: Variable | null = null;
  movingVariance: Variable | null = null;

  constructor(options: BatchNormalizationOptions = {}) {
    super(options);
    this.axis = options.axis ?? -1;
    this.momentum = options.momentum ?? 0.99;
    if (!(typeof this.momentum === "number" && this.momentum >= 0 && this.momentum <= 1)) {
      throw new ValueError(`${this}: expected a momentum from 0 to 1, got ${String(this.momentum)}. Try 0.99.`);
    }
    this.epsilon = options.epsilon ?? 1e-3;
    assertEpsilon(this.toString(), this.epsilon);
    this.center = options.center ?? true;
    this.scale = options.scale ?? true;
    this.#initializers = {
      gamma: getInitializer(options.gammaInitializer ?? "ones"),
      beta: getInitializer(options.betaInitializer ?? "zeros"),
      movingMean: getInitializer(options.movingMeanInitializer ?? "zeros"),
      movingVariance: getInitializer(options.movingVarianceInitializer ?? "ones"),
    };
  }

  override get className(): string {
    return "BatchNormalization";
  }

  override build(inputShape: OpenShape): void {
    const sizes = featureSizes(this.toString(), inputShape, this.#axes(inputShape));
    const { gamma, beta, movingMean, movingVariance } = this.#initializers;
    if (this.scale) this.gamma = this.addWeight("gamma", sizes, { initializer: gamma });
    if (this.center) this.beta = this.addWeight("beta", sizes, { initializer: beta });
    this.movingMean = this.addWeight("moving_mean", sizes, { initializer: movingMean, trainable: false });
    this.movingVariance = this.addWeight("moving_variance", sizes, { initializer: movingVariance, trainable: false });
  }

  #axes(shape: OpenShape): number[] {
    return featureAxes(this.toString(), shape, [this.axis]);
  }

  protected override assertInput(shape: OpenShape): void {
    this.#axes(shape);
  }

  override call(x: Tensor, { training }: CallContext): Tensor {
    const { gamma, beta, epsilon, movingMean, movingVariance } = this;
    if (movingMean === null || movingVariance === null)
      throw new StateError(`${this}: call before build. Use ${this.name}.apply(x).`);
    const axes = this.#axes(x.shape);
    if (!(training && this.trainable)) {
      const moments = { mean: along(movingMean.read(), x, axes), variance: along(movingVariance.read(), x, axes) };
      return normalized(x, { ...moments, epsilon }, { gamma, beta, axes });
    }
    const over = { axis: x.shape.flatMap((_: number, i: number) => (axes.includes(i) ? [] : [i])), keepDims: true };
    const moments: { mean: Tensor; variance: Tensor } = { mean: mean(x, over), variance: variance(x, over) };
    this.#takeIn(movingMean, moments.mean);
    this.#takeIn(movingVariance, moments.variance);
    return normalized(x, { ...moments, epsilon }, { gamma, beta, axes });
  }

  #takeIn(moving: Variable, batch: Tensor): void {
    const now: Tensor = mul(reshape(batch, moving.shape), 1 - this.momentum);
    moving.assign(add(mul(moving.read(), this.momentum), now) as Tensor);
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    this.assertInput(inputShape);
    return [...inputShape];
  }

  override getConfig(): JsonObject {
    return {
      ...super.getConfig(),
      axis: this.axis,
      momentum: this.momentum,
      epsilon: this.epsilon,
      center: this.center,
      scale: this.scale,
      beta_initializer: this.#initializers.beta.config,
      gamma_initializer: this.#initializers.gamma.config,
      moving_mean_initializer: this.#initializers.movingMean.config,
      moving_variance_initializer: this.#initializers.movingVariance.config,
      synchronized: false,
    };
  }
}

/** Each feature of a batch to mean 0 and variance 1, then scaled and moved by weights. */
export function batchNormalization(options: BatchNormalizationOptions = {}): BatchNormalization {
  return new BatchNormalization(options);
}

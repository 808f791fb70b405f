import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Variable } from "../graph/variable.ts";
import { getInitializer, type InitializerLike } from "../initializers/get-initializer.ts";
import type { Initializer } from "../initializers/initializer.ts";
import { mean } from "../ops/mean.ts";
import { variance } from "../ops/variance.ts";
import { Layer, type LayerOptions, type OpenShape } from "./layer.ts";
import { assertEpsilon, featureAxes, featureSizes, normalized } from "./normalization.ts";
import type { Same } from "./shape-rule.ts";

export interface LayerNormalizationOptions extends LayerOptions {
  /** The axis or axes of one sample's features; -1 by default. */
  readonly axis?: number | readonly number[];
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
}

/**
 * y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with each sample's own mean and variance over `axis`.
 * Ba and others, Layer Normalization, 2016.
 */
export class LayerNormalization extends Layer<Same> {
  readonly axis: number | readonly number[];
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly betaInitializer: Initializer;
  readonly gammaInitializer: Initializer;
  gamma: Variable | null = null;
  beta: Variable | null = null;

  constructor(options: LayerNormalizationOptions = {}) {
    super(options);
    this.axis = options.axis ?? -1;
    this.epsilon = options.epsilon ?? 1e-3;
    assertEpsilon(this.toString(), this.epsilon);
    this.center = options.center ?? true;
    this.scale = options.scale ?? true;
    this.betaInitializer = getInitializer(options.betaInitializer ?? "zeros");
    this.gammaInitializer = getInitializer(options.gammaInitializer ?? "ones");
  }

  override get className(): string {
    return "LayerNormalization";
  }

  #axes(shape: OpenShape): number[] {
    return featureAxes(this.toString(), shape, typeof this.axis === "number" ? [this.axis] : this.axis);
  }

  override build(inputShape: OpenShape): void {
    const sizes = featureSizes(this.toString(), inputShape, this.#axes(inputShape));
    if (this.scale) this.gamma = this.addWeight("gamma", sizes, { initializer: this.gammaInitializer });
    if (this.center) this.beta = this.addWeight("beta", sizes, { initializer: this.betaInitializer });
  }

  protected override assertInput(shape: OpenShape): void {
    this.#axes(shape);
  }

  override call(x: Tensor): Tensor {
    const { gamma, beta, epsilon } = this;
    const axes = this.#axes(x.shape);
    const over = { axis: axes, keepDims: true } as const;
    const moments = { mean: mean(x, over) as Tensor, variance: variance(x, over) as Tensor, epsilon };
    return normalized(x, moments, { gamma, beta, axes });
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    this.assertInput(inputShape);
    return [...inputShape];
  }

  override getConfig(): JsonObject {
    return {
      ...super.getConfig(),
      axis: typeof this.axis === "number" ? this.axis : [...this.axis],
      epsilon: this.epsilon,
      center: this.center,
      scale: this.scale,
      rms_scaling: false,
      beta_initializer: this.betaInitializer.config,
      gamma_initializer: this.gammaInitializer.config,
    };
  }
}

/** Each sample's features to mean 0 and variance 1, then scaled and moved by weights. */
export function layerNormalization(options: LayerNormalizationOptions = {}): LayerNormalization {
  return new LayerNormalization(options);
}

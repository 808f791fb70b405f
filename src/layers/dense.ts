import type { Activation } from "../activations/activation.ts";
import { type ActivationLike, activationName, getActivation } from "../activations/get-activation.ts";
import { ShapeError, ValueError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Variable } from "../graph/variable.ts";
import { getInitializer, type InitializerLike } from "../initializers/get-initializer.ts";
import type { Initializer } from "../initializers/initializer.ts";
import { matmul } from "../ops/matmul.ts";
import { Layer, type LayerOptions, type OpenShape } from "./layer.ts";
import type { DenseRule } from "./shape-rule.ts";

export interface DenseOptions<U extends number = number> extends LayerOptions {
  /** The size of the output's last axis. */
  readonly units: U;
  /** A name or a function; linear by default. */
  readonly activation?: ActivationLike | null;
  /** true by default. */
  readonly useBias?: boolean;
  /** "glorotUniform" by default. */
  readonly kernelInitializer?: InitializerLike;
  /** "zeros" by default. */
  readonly biasInitializer?: InitializerLike;
}

/** y = activation(x W + b): [..., features] -> [..., units], W [features, units], b [units]. */
export class Dense<U extends number = number> extends Layer<DenseRule<U>> {
  readonly units: U;
  readonly activation: Activation;
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
  kernel: Variable | null = null;
  bias: Variable | null = null;

  constructor(options: DenseOptions<U>) {
    super(options);
    this.units = options.units;
    if (!Number.isSafeInteger(this.units) || this.units < 1) {
      throw new ValueError(`${this}: expected units to be a whole number of at least 1, got ${String(this.units)}.`);
    }
    this.useBias = options.useBias ?? true;
    this.activation = getActivation(options.activation);
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? "glorotUniform");
    this.biasInitializer = getInitializer(options.biasInitializer ?? "zeros");
  }

  override get className(): string {
    return "Dense";
  }

  override build(inputShape: OpenShape): void {
    const features = inputShape[inputShape.length - 1];
    if (features === null) {
      throw new ShapeError(`${this}: expected a known size on the last axis, got shape ${shapeText(inputShape)}.`);
    }
    this.kernel = this.addWeight("kernel", [features, this.units], { initializer: this.kernelInitializer });
    if (this.useBias) this.bias = this.addWeight("bias", [this.units], { initializer: this.biasInitializer });
  }

  protected override assertInput(shape: OpenShape): void {
    if (shape.length < 2) {
      const [only] = shape;
      const unbatched = typeof only === "number" ? `Add a batch axis: x.reshape([1, ${only}]).` : "";
      const advice = unbatched || "Give [batch, features]: x.reshape([-1, 1]) makes one feature of each sample.";
      throw new ShapeError(`${this}: expected an input of rank >= 2, got shape ${shapeText(shape)}. ${advice}`);
    }
    const features = shape[shape.length - 1];
    const wanted = this.kernel?.shape[0];
    if (wanted === undefined || features === null || features === wanted) return;
    throw new ShapeError(
      `${this}: expected ${wanted} features on the last axis, got ${features} in shape ${shapeText(shape)}. Its weights were made for ${wanted}.`,
    );
  }

  override call(x: Tensor): Tensor {
    return this.activation(this.#product(x));
  }

  #product(x: Tensor): Tensor {
    const { kernel, bias } = this;
    if (kernel === null) throw new ValueError(`${this}: call before build. Use ${this.name}.apply(x).`);
    return matmul(x, kernel.read(), bias === null ? {} : { bias: bias.read() });
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    this.assertInput(inputShape);
    return [...inputShape.slice(0, -1), this.units];
  }

  override getConfig(): JsonObject {
    return {
      ...super.getConfig(),
      units: this.units,
      activation: activationName(this.activation, this.toString()),
      use_bias: this.useBias,
      kernel_initializer: this.kernelInitializer.config,
      bias_initializer: this.biasInitializer.config,
    };
  }
}

/** A fully connected layer: y = activation(x W + b). */
export function dense<const U extends number>(options: DenseOptions<U>): Dense<U> {
  return new Dense(options);
}

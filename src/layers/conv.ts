// tested by src/layers/conv2d.test.ts
import type { Activation } from "../activations/activation.ts";
import { type ActivationLike, activationName, getActivation } from "../activations/get-activation.ts";
import { ShapeError, StateError, ValueError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import type { Any } from "../core/shape-types.ts";
import { conv } from "../engine/convolve.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Variable } from "../graph/variable.ts";
import { getInitializer, type InitializerLike } from "../initializers/get-initializer.ts";
import type { Initializer } from "../initializers/initializer.ts";
import { assertGroups, channelsFirstAdvice } from "../ops/conv-operands.ts";
import { type Sizes, sizesFor } from "../ops/window.ts";
import { Layer, type LayerOptions, type OpenShape } from "./layer.ts";
import type { ShapeRule } from "./shape-rule.ts";
import {
  assertDataFormat,
  assertSpatial,
  type DataFormat,
  type SpatialWindow,
  windowedSizes,
} from "./spatial-input.ts";

export interface ConvLayerOptions<
  F extends number = number,
  K extends Sizes = Sizes,
  T extends Sizes = Sizes,
  P extends string = string,
  D extends Sizes = Sizes,
> extends LayerOptions {
  /** How many channels come out. */
  readonly filters: F;
  /** One size for every axis, or one for each. */
  readonly kernelSize: K;
  /** The step from one place to the next; 1 by default. */
  readonly strides?: T;
  /** "valid" (windows stay inside, the default) or "same" (zeros around: as many places as come in, by the stride). */
  readonly padding?: P;
  /** The distance between places that the kernel's neighbours cover; 1 by default. */
  readonly dilationRate?: D;
  /** Into how many groups channels and filters are divided; 1 by default. */
  readonly groups?: number;
  /** A name or a function; linear by default. */
  readonly activation?: ActivationLike | null;
  /** true by default. */
  readonly useBias?: boolean;
  /** "glorotUniform" by default. */
  readonly kernelInitializer?: InitializerLike;
  /** "zeros" by default. */
  readonly biasInitializer?: InitializerLike;
  /** Channels are last; saying so lets pictures 1 or 3 high pass. */
  readonly dataFormat?: DataFormat;
}

/** What conv1d and conv2d share: y = activation(conv(x, W) + b), W [...kernelSize, channels / groups, filters]. */
export abstract class Conv<R extends ShapeRule = Any> extends Layer<R> {
  readonly filters: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: string;
  readonly dilationRate: readonly number[];
  readonly groups: number;
  readonly activation: Activation;
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
  readonly #meant: boolean;
  readonly #rank: number;
  kernel: Variable | null = null;
  bias: Variable | null = null;

  /** `rank` is the number of space axes. */
  constructor(options: ConvLayerOptions, rank: number, paddings: readonly string[]) {
    super(options);
    const where = this.toString();
    this.#rank = rank;
    this.filters = options.filters;
    if (!Number.isSafeInteger(this.filters) || this.filters < 1) {
      throw new ValueError(
        `${where}: expected filters to be a whole number of at least 1, got ${String(this.filters)}.`,
      );
    }
    this.kernelSize = sizesFor(where, "a kernelSize", options.kernelSize, rank);
    this.strides = sizesFor(where, "strides", options.strides ?? 1, rank);
    this.dilationRate = sizesFor(where, "a dilationRate", options.dilationRate ?? 1, rank);
    this.padding = paddingOf(where, options.padding ?? "valid", paddings);
    this.groups = options.groups ?? 1;
    assertGroups(where, this.groups, this.filters, this.filters);
    this.useBias = options.useBias ?? true;
    this.activation = getActivation(options.activation);
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? "glorotUniform");
    this.biasInitializer = getInitializer(options.biasInitializer ?? "zeros");
    this.#meant = assertDataFormat(where, options.dataFormat);
  }

  get #window(): SpatialWindow & { readonly dilation: readonly number[] } {
    const { kernelSize: window, strides, dilationRate: dilation, padding } = this;
    const causal = window.map((k, axis) => [(k - 1) * dilation[axis], 0] as const);
    return { window, strides, dilation, padding: padding === "valid" || padding === "same" ? padding : causal };
  }

  override build(inputShape: OpenShape): void {
    const channels = inputShape[inputShape.length - 1];
    if (channels === null) {
      throw new ShapeError(`${this}: expected known channels on the last axis, got shape ${shapeText(inputShape)}.`);
    }
    assertGroups(this.toString(), this.groups, channels, this.filters);
    const shape = [...this.kernelSize, channels / this.groups, this.filters];
    this.kernel = this.addWeight("kernel", shape, { initializer: this.kernelInitializer });
    if (this.useBias) this.bias = this.addWeight("bias", [this.filters], { initializer: this.biasInitializer });
  }

  protected override assertInput(shape: OpenShape): void {
    assertSpatial(this.toString(), shape, this.#rank, this.#meant || this.kernel !== null);
    const channels = shape[shape.length - 1];
    const wanted = this.kernel === null ? channels : this.kernel.shape[this.#rank] * this.groups;
    if (channels !== null && wanted !== null && channels !== wanted) {
      throw new ShapeError(
        `${this}: expected ${wanted} channels on the last axis, got ${channels} in shape ${shapeText(shape)}.${channelsFirstAdvice(shape, wanted)} Its weights were made for ${wanted}.`,
      );
    }
    windowedSizes(this.toString(), shape.slice(1, -1), this.#window);
  }

  override call(x: Tensor): Tensor {
    const { kernel, bias } = this;
    if (kernel === null) throw new StateError(`${this}: call before build. Use ${this.name}.apply(x).`);
    const { strides, dilation, padding } = this.#window;
    const options = { strides, dilation, padding, groups: this.groups };
    return this.activation(conv(x, kernel.read(), bias === null ? options : { ...options, bias: bias.read() }));
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    this.assertInput(inputShape);
    const sizes = windowedSizes(this.toString(), inputShape.slice(1, -1), this.#window);
    return [inputShape[0], ...sizes, this.filters];
  }

  override getConfig(): JsonObject {
    return {
      ...super.getConfig(),
      filters: this.filters,
      kernel_size: [...this.kernelSize],
      strides: [...this.strides],
      padding: this.padding,
      data_format: "channels_last",
      dilation_rate: [...this.dilationRate],
      groups: this.groups,
      activation: activationName(this.activation, this.toString()),
      use_bias: this.useBias,
      kernel_initializer: this.kernelInitializer.config,
      bias_initializer: this.biasInitializer.config,
    };
  }
}

function paddingOf(where: string, padding: string, known: readonly string[]): string {
  if (known.includes(padding)) return padding;
  const names = known.map((name) => JSON.stringify(name)).join(" or ");
  throw new ValueError(
    `${where}: expected padding ${names}, got ${JSON.stringify(padding)}. Use pad for other borders.`,
  );
}

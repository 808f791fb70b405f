// tested by src/layers/max-pooling2d.test.ts
import { ValueError } from "../core/errors.ts";
import type { Any } from "../core/shape-types.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type Sizes, sizesFor } from "../ops/window.ts";
import { Layer, type LayerOptions, type OpenShape } from "./layer.ts";
import type { ShapeRule } from "./shape-rule.ts";
import { assertDataFormat, assertSpatial, type DataFormat, windowedSizes } from "./spatial-input.ts";

export interface PoolingOptions<
  K extends Sizes = Sizes,
  T extends Sizes = Sizes,
  P extends "valid" | "same" = "valid" | "same",
> extends LayerOptions {
  /** One size for every axis, or one for each; 2 by default. */
  readonly poolSize?: K;
  /** The step from one window to the next; the window's size by default. */
  readonly strides?: T | null;
  /** "valid" (windows stay inside, the default) or "same" (windows may reach over the edge). */
  readonly padding?: P;
  /** Channels are last. */
  readonly dataFormat?: DataFormat;
}

/** What max and average pooling share: one value for each window, channel by channel. */
export abstract class Pooling<R extends ShapeRule = Any> extends Layer<R> {
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: "valid" | "same";
  readonly #rank: number;

  /** `rank` is the number of space axes. */
  constructor(options: PoolingOptions, rank: number) {
    super(options);
    const where = this.toString();
    this.#rank = rank;
    this.poolSize = sizesFor(where, "a poolSize", options.poolSize ?? 2, rank);
    this.strides = sizesFor(where, "strides", options.strides ?? this.poolSize, rank);
    this.padding = options.padding ?? "valid";
    if (this.padding !== "valid" && this.padding !== "same") {
      throw new ValueError(`${where}: expected padding "valid" or "same", got ${JSON.stringify(this.padding)}.`);
    }
    assertDataFormat(where, options.dataFormat);
  }

  protected abstract pool(x: Tensor, window: readonly number[], options: PoolCall): Tensor;

  protected override assertInput(shape: OpenShape): void {
    assertSpatial(this.toString(), shape, this.#rank, true);
    this.#sizes(shape);
  }

  #sizes(shape: OpenShape): (number | null)[] {
    const { poolSize: window, strides, padding } = this;
    return windowedSizes(this.toString(), shape.slice(1, -1), { window, strides, padding });
  }

  override call(x: Tensor): Tensor {
    return this.pool(x, this.poolSize, { strides: this.strides, padding: this.padding });
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    this.assertInput(inputShape);
    return [inputShape[0], ...this.#sizes(inputShape), inputShape[inputShape.length - 1]];
  }

  override getConfig(): JsonObject {
    return {
      ...super.getConfig(),
      pool_size: [...this.poolSize],
      padding: this.padding,
      strides: [...this.strides],
      data_format: "channels_last",
    };
  }
}

export interface PoolCall {
  readonly strides: readonly number[];
  readonly padding: "valid" | "same";
}

// tested by src/layers/global-average-pooling2d.test.ts
import type { Any } from "../core/shape-types.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import { mean } from "../ops/mean.ts";
import { Layer, type LayerOptions, type OpenShape } from "./layer.ts";
import type { ShapeRule } from "./shape-rule.ts";
import { assertDataFormat, assertSpatial, type DataFormat } from "./spatial-input.ts";

export interface GlobalPoolingOptions<Keep extends boolean = boolean> extends LayerOptions {
  /** Keeps the axes that were averaged, with size 1; false by default. */
  readonly keepDims?: Keep;
  /** Channels are last. */
  readonly dataFormat?: DataFormat;
}

/** The mean over all space axes. */
export abstract class GlobalAveragePooling<R extends ShapeRule = Any> extends Layer<R> {
  readonly keepDims: boolean;
  readonly #rank: number;

  /** `rank` is the number of space axes. */
  constructor(options: GlobalPoolingOptions, rank: number) {
    super(options);
    this.#rank = rank;
    this.keepDims = options.keepDims ?? false;
    assertDataFormat(this.toString(), options.dataFormat);
  }

  protected override assertInput(shape: OpenShape): void {
    assertSpatial(this.toString(), shape, this.#rank, true);
  }

  override call(x: Tensor): Tensor {
    const axis = Array.from({ length: this.#rank }, (_, i) => i + 1);
    return mean(x, { axis, keepDims: this.keepDims }) as Tensor;
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    this.assertInput(inputShape);
    const kept = this.keepDims ? inputShape.slice(1, -1).map(() => 1) : [];
    return [inputShape[0], ...kept, inputShape[inputShape.length - 1]];
  }

  override getConfig(): JsonObject {
    return { ...super.getConfig(), data_format: "channels_last", keepdims: this.keepDims };
  }
}

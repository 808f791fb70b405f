import type { JsonObject } from "../../src/formats/json.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { dense } from "../../src/layers/dense.ts";
import { Layer, type LayerOptions } from "../../src/layers/layer.ts";
import { layerNormalization } from "../../src/layers/layer-normalization.ts";
import { multiHeadAttention } from "../../src/layers/multi-head-attention.ts";
import { add } from "../../src/ops/add.ts";

export interface BlockOptions extends LayerOptions {
  readonly heads: number;
  readonly units: number;
}

/** As in test/golden/keras-attention.py. */
export class TransformerBlock extends Layer {
  readonly heads: number;
  readonly units: number;
  readonly attention: Layer;
  readonly expand: Layer;
  readonly reduce: Layer = dense({ units: 8 });
  readonly norm1: Layer = layerNormalization({ epsilon: 1e-6 });
  readonly norm2: Layer = layerNormalization({ epsilon: 1e-6 });

  constructor(options: BlockOptions) {
    super(options);
    this.heads = options.heads;
    this.units = options.units;
    this.attention = multiHeadAttention({ numHeads: options.heads, keyDim: 4 });
    this.expand = dense({ units: options.units, activation: "relu" });
  }

  override call(x: Tensor): Tensor {
    const y = this.norm1.apply(add(x, this.attention.apply(x)) as Tensor);
    return this.norm2.apply(add(y, this.reduce.apply(this.expand.apply(y))) as Tensor);
  }

  override getConfig(): JsonObject {
    return { ...super.getConfig(), heads: this.heads, units: this.units };
  }
}

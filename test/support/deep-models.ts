import type { Tensor } from "../../src/graph/tensor.ts";
import * as layers from "../../src/layers/index.ts";
import { type CallContext, Layer } from "../../src/layers/layer.ts";
import { sequential } from "../../src/models/sequential.ts";
import { add } from "../../src/ops/add.ts";
import { relu } from "../../src/ops/relu.ts";

const WIDTH = 64;
const STEPS = 64;

interface Units {
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides?: number;
  readonly linear?: boolean;
}

/** A convolution, its norm, and relu but where a sum follows. */
class ConvUnit extends Layer {
  readonly conv: Layer;
  readonly norm: Layer = layers.batchNormalization();
  readonly linear: boolean;

  constructor({ linear = false, strides = 1, ...sizes }: Units) {
    super();
    this.conv = layers.conv2d({ ...sizes, strides, padding: "same", useBias: false });
    this.linear = linear;
  }

  override call(x: Tensor, ctx: CallContext): Tensor {
    const y = this.norm.apply(this.conv.apply(x, ctx), ctx);
    return this.linear ? y : relu(y);
  }
}

/** y = relu(x' + f(x)): a bottleneck of He and others, Deep Residual Learning for Image Recognition, 2015. */
class Bottleneck extends Layer {
  readonly units: readonly Layer[];
  readonly shortcut: Layer | null;

  constructor(filters: number, strides: number, first: boolean) {
    super();
    this.units = [
      new ConvUnit({ filters, kernelSize: 1, strides }),
      new ConvUnit({ filters, kernelSize: 3 }),
      new ConvUnit({ filters: 4 * filters, kernelSize: 1, linear: true }),
    ];
    this.shortcut = first ? new ConvUnit({ filters: 4 * filters, kernelSize: 1, strides, linear: true }) : null;
  }

  override call(x: Tensor, ctx: CallContext): Tensor {
    const y = this.units.reduce((z, unit) => unit.apply(z, ctx), x);
    return relu(add(y, this.shortcut === null ? x : this.shortcut.apply(x, ctx)) as Tensor);
  }
}

/** The block of Vaswani and others, Attention Is All You Need, 2017. */
class Block extends Layer {
  readonly attention: Layer = layers.multiHeadAttention({ numHeads: 4, keyDim: WIDTH / 4 });
  readonly feedForward: readonly Layer[] = [
    layers.dense({ units: 4 * WIDTH, activation: "relu" }),
    layers.dense({ units: WIDTH }),
  ];
  readonly norms: readonly [Layer, Layer] = [layers.layerNormalization(), layers.layerNormalization()];

  override call(x: Tensor, ctx: CallContext): Tensor {
    const y = this.norms[0].apply(add(x, this.attention.apply(x, ctx)) as Tensor, ctx);
    return this.norms[1].apply(
      add(
        y,
        this.feedForward.reduce((z, layer) => layer.apply(z, ctx), y),
      ) as Tensor,
      ctx,
    );
  }
}

export type DeepModel = ReturnType<typeof sequential>;

export interface DeepCase {
  readonly inputShape: readonly number[];
  readonly build: () => DeepModel;
}

/** A ResNet by the number of bottlenecks of each stage; 3, 4, 6 and 3 are ResNet-50. */
export function resnet(blocks: readonly number[]): DeepCase {
  const inputShape = [64, 64, 3];
  const stages = blocks.flatMap((count, stage) =>
    Array.from({ length: count }, (_, at) => new Bottleneck(64 * 2 ** stage, at === 0 && stage > 0 ? 2 : 1, at === 0)),
  );
  const all: Layer[] = [
    new ConvUnit({ filters: 64, kernelSize: 7, strides: 2 }),
    layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }),
    ...stages,
    layers.globalAveragePooling2d(),
    layers.dense({ units: 10 }),
  ];
  return { inputShape, build: () => sequential([layers.input({ shape: inputShape }), ...all], { seed: 1 }) };
}

export function transformer(blocks: number): DeepCase {
  const inputShape = [STEPS, WIDTH];
  const all: Layer[] = [
    ...Array.from({ length: blocks }, () => new Block()),
    layers.globalAveragePooling1d(),
    layers.dense({ units: 10 }),
  ];
  return { inputShape, build: () => sequential([layers.input({ shape: inputShape }), ...all], { seed: 1 }) };
}

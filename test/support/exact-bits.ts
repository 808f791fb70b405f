import "../../src/engine/eager.ts";
import { Engine, type EngineOptions, withEngine } from "../../src/engine/engine.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import * as layers from "../../src/layers/index.ts";
import type { Model } from "../../src/models/model.ts";
import { sequential } from "../../src/models/sequential.ts";
import { tensor } from "../../src/ops/tensor.ts";
import { adam } from "../../src/optimizers/index.ts";
import { hashBits } from "./hash-bits.ts";
import { smallData } from "./small-data.ts";

/**
 * What profile exact leaves in the weights of a network after three epochs, and in what it then predicts: the same in
 * every V8, in Node and in pages, on any number of threads, wide or not. Products of every storage order, with tails and
 * more than one run of k, are in it.
 */
export const EXACT_BITS = {
  rows: "450d18bae0473c3a",
  pictures: "2c682d5ee54074ce",
  sequences: "944ffd14b855b49b",
} as const;

export type Network = keyof typeof EXACT_BITS;

const BATCH = 21;
const common = { optimizer: adam({ learningRate: 0.01 }), loss: "sparseCategoricalCrossentropy" } as const;

/** A hash of a network's trained weights and its outputs, on an engine given or made for it. */
export function trainedBits(network: Network, on: Engine | EngineOptions = {}): Promise<string> {
  const engine = on instanceof Engine ? on : new Engine({ profile: "exact", ...on });
  return withEngine(engine, async () => {
    const { net, x, y } = NETWORKS[network]();
    net.compile(common);
    await net.fit(x, y, { epochs: 3, batchSize: BATCH, seed: 4, verbose: 0 });
    const outputs: Tensor[] = [...net.getWeights(), await net.predict(x)];
    return hashBits(outputs.map((each) => each.dataSync()));
  });
}

interface Job {
  readonly net: Model;
  readonly x: Tensor;
  readonly y: Tensor;
}

/** As many labels as samples, which lie in `shape`. */
function data(samples: number, shape: readonly number[], classes: number): { x: Tensor; y: Tensor } {
  const { x, y } = smallData(samples, shape.reduce((a, b) => a * b), classes); // biome-ignore format: short enough
  return { x: tensor(x).reshape([samples, ...shape]), y: tensor(y, { dtype: "int32" }) };
}

const NETWORKS: Readonly<Record<Network, () => Job>> = {
  rows() {
    const net = sequential(
      [
        layers.dense({ units: 37, activation: "relu" }),
        layers.dropout({ rate: 0.2 }),
        layers.dense({ units: 19, activation: "tanh" }),
        layers.dense({ units: 5, activation: "softmax" }),
      ],
      { seed: 2 },
    );
    return { net, ...data(2 * BATCH + 1, [300], 5) };
  },
  pictures() {
    const net = sequential(
      [
        layers.conv2d({ filters: 5, kernelSize: 3, padding: "same", activation: "relu" }),
        layers.maxPooling2d(),
        layers.batchNormalization(),
        layers.conv2d({ filters: 6, kernelSize: 3, strides: 2 }),
        layers.flatten(),
        layers.dense({ units: 4, activation: "softmax" }),
      ],
      { seed: 3 },
    );
    return { net, ...data(BATCH + 4, [12, 12, 2], 4) };
  },
  sequences() {
    const net = sequential(
      [
        layers.lstm({ units: 13, returnSequences: true, dropout: 0.1, recurrentDropout: 0.1 }),
        layers.layerNormalization(),
        layers.simpleRNN({ units: 7, goBackwards: true }),
        layers.dense({ units: 3, activation: "softmax" }),
      ],
      { seed: 5 },
    );
    return { net, ...data(BATCH + 6, [9, 11], 3) };
  },
};

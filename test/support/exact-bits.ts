import "../../src/engine/eager.ts";
import { Engine, type EngineOptions, withEngine } from "../../src/engine/engine.ts";
import * as layers from "../../src/layers/index.ts";
import { sequential } from "../../src/models/sequential.ts";
import { tensor } from "../../src/ops/tensor.ts";
import { adam } from "../../src/optimizers/index.ts";
import { smallData } from "./small-data.ts";

/**
 * What profile exact leaves in the weights of a network after three epochs, the same in every V8, on any number of
 * threads, wide or not. Products of every storage order, with tails and more than one run of k, are in it.
 */
export const EXACT_BITS = { rows: "44fcc5a8cc260cde", pictures: "b6a92f04849cd814" };

const BATCH = 21;
const common = { optimizer: adam({ learningRate: 0.01 }), loss: "sparseCategoricalCrossentropy" } as const;

/** A hash of a network's trained weights, on an engine of its own. */
export function trainedBits(network: keyof typeof EXACT_BITS, options: EngineOptions = {}): Promise<string> {
  return withEngine(new Engine({ profile: "exact", ...options }), () => NETWORKS[network]());
}

const NETWORKS = {
  async rows(): Promise<string> {
    const net = sequential(
      [
        layers.dense({ units: 37, activation: "relu" }),
        layers.dropout({ rate: 0.2 }),
        layers.dense({ units: 19, activation: "tanh" }),
        layers.dense({ units: 5, activation: "softmax" }),
      ],
      { seed: 2 },
    );
    const { x, y } = smallData(2 * BATCH + 1, 300, 5);
    net.compile(common);
    await net.fit(tensor(x), tensor(y, { dtype: "int32" }), { epochs: 3, batchSize: BATCH, seed: 4, verbose: 0 });
    return hashOf(net.getWeights().map((weight) => weight.dataSync() as Float32Array));
  },
  async pictures(): Promise<string> {
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
    const { x, y } = smallData(BATCH + 4, 12 * 12 * 2, 4);
    net.compile(common);
    const pictures = tensor(x).reshape([BATCH + 4, 12, 12, 2]);
    await net.fit(pictures, tensor(y, { dtype: "int32" }), { epochs: 3, batchSize: BATCH, seed: 4, verbose: 0 });
    return hashOf(net.getWeights().map((weight) => weight.dataSync() as Float32Array));
  },
};

/** FNV-1a of all words, in two runs of 32 bits. */
function hashOf(arrays: readonly Float32Array[]): string {
  const hashes = [0x811c9dc5, 0x01000193];
  for (const array of arrays) {
    for (const word of new Uint32Array(array.buffer, array.byteOffset, array.length)) {
      hashes.forEach((hash, i) => {
        const mixed = Math.imul(hash ^ word, 0x01000193);
        hashes[i] = mixed ^ (mixed >>> (13 + i));
      });
    }
  }
  return hashes.map((hash) => (hash >>> 0).toString(16).padStart(8, "0")).join("");
}

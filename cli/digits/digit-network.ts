import { layers, losses, type Model, optimizers, sequential } from "gradwise";

export type DigitNetwork = Model<[number, 400], [number, 10], "sparse", "accuracy">;

/** 400 -> 25 -> 15 -> 10 with relu; the last layer gives logits, and the loss takes them as such. */
export function digitNetwork(seed: number): DigitNetwork {
  const net = sequential(
    [
      layers.input({ shape: [400] }),
      layers.dense({ units: 25, activation: "relu", name: "layer1" }),
      layers.dense({ units: 15, activation: "relu", name: "layer2" }),
      layers.dense({ units: 10, name: "layer3" }),
    ],
    { seed, name: "digits" },
  );
  return net.compile({
    optimizer: optimizers.adam({ learningRate: 1e-3 }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ["accuracy"],
  });
}

export const BATCH_SIZE = 32;

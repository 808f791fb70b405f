import { losses, type Model, optimizers, type Sequential } from "gradwise";

export type DigitNetwork = Model<[number, 400], [number, 10], "sparse", "accuracy">;

/** A network for the digits, and how it is trained unless the user says otherwise. */
export interface Recipe {
  /** With weights drawn from the seed, ready to be fitted. */
  make(seed: number): DigitNetwork;
  readonly epochs: number;
  readonly batchSize: number;
  /** Where the trained model goes. */
  readonly save: string;
}

/** The last layer of such a network gives logits, and the loss takes them as such. */
export function compiled(net: Sequential<[number, 400], [number, 10]>): DigitNetwork {
  return net.compile({
    optimizer: optimizers.adam({ learningRate: 1e-3 }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ["accuracy"],
  });
}

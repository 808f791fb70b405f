import { layers, sequential } from "gradwise";
import { compiled, type DigitNetwork, type Recipe } from "./digit-network.ts";

/** 400 -> 25 -> 15 -> 10 with relu. */
function denseNetwork(seed: number): DigitNetwork {
  const net = sequential(
    [
      layers.input({ shape: [400] }),
      layers.dense({ units: 25, activation: "relu", name: "layer1" }),
      layers.dense({ units: 15, activation: "relu", name: "layer2" }),
      layers.dense({ units: 10, name: "layer3" }),
    ],
    { seed, name: "digits" },
  );
  return compiled(net);
}

export const DENSE: Recipe = { make: denseNetwork, epochs: 20, batchSize: 32, save: "models/digits.safetensors" };

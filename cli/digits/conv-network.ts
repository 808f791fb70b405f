import { layers, sequential } from "gradwise";
import { compiled, type DigitNetwork, type Recipe } from "./digit-network.ts";

/** 16 and 32 filters of 3 x 3, each followed by pooling, then 64 -> 10, with relu and dropout. */
function convNetwork(seed: number): DigitNetwork {
  const net = sequential(
    [
      layers.input({ shape: [400] }),
      layers.reshape({ targetShape: [20, 20, 1] }),
      layers.conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
      layers.maxPooling2d(),
      layers.conv2d({ filters: 32, kernelSize: 3, activation: "relu" }),
      layers.maxPooling2d(),
      layers.flatten(),
      layers.dense({ units: 64, activation: "relu" }),
      layers.dropout({ rate: 0.3 }),
      layers.dense({ units: 10 }),
    ],
    { seed, name: "digits-conv" },
  );
  return compiled(net);
}

export const CONV: Recipe = { make: convNetwork, epochs: 15, batchSize: 32, save: "models/digits-conv.safetensors" };

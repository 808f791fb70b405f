import { waves } from "../data.mjs";
import { adam } from "../nets.mjs";

/** A recurrent net over 100 steps. */
export default [
  {
    id: "w5",
    title: "LSTM(64) over 100 steps of 16 features, dense 1; squared error, Adam, batch 32",
    measure: "slices",
    task: "train",
    net: {
      inputShape: [100, 16],
      layers: [
        { type: "lstm", units: 64 },
        { type: "dense", units: 1, activation: "linear" },
      ],
    },
    loss: "meanSquaredError",
    optimizer: adam,
    batch: 32,
    unit: "examples/s",
    data: () => waves({ seed: 5, examples: 320, steps: 100, features: 16 }),
  },
];

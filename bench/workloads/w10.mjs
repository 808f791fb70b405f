import { surface } from "../data.mjs";
import { adam } from "../nets.mjs";

/** A table of numbers in, one number out. */
export default [
  {
    id: "w10",
    title: "regression 64-512-512-1, relu, squared error, AdamW, batch 64",
    measure: "slices",
    task: "train",
    net: {
      inputShape: [64],
      layers: [
        { type: "dense", units: 512, activation: "relu" },
        { type: "dense", units: 512, activation: "relu" },
        { type: "dense", units: 1, activation: "linear" },
      ],
    },
    loss: "meanSquaredError",
    optimizer: { ...adam, name: "adamW", weightDecay: 0.01 },
    batch: 64,
    unit: "examples/s",
    data: () => surface({ seed: 10, examples: 3200, features: 64 }),
  },
];

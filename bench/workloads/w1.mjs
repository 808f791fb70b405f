import { halfSquare } from "../data.mjs";
import { adam } from "../nets.mjs";

const shared = {
  measure: "slices",
  task: "train",
  net: {
    inputShape: [2],
    layers: [
      { type: "dense", units: 3, activation: "sigmoid" },
      { type: "dense", units: 1, activation: "sigmoid" },
    ],
  },
  loss: "meanSquaredError",
  batch: 32,
  unit: "steps/s",
  data: () => halfSquare({ seed: 1, examples: 3200 }),
};

/** A net of 13 weights: what a library spends on a step besides arithmetic. */
export default [
  {
    ...shared,
    id: "w1-sgd",
    title: "MLP 2-3-1, sigmoid, SGD with momentum, batch 32",
    optimizer: { name: "sgd", learningRate: 0.3, momentum: 0.1 }, // brain.js's default
  },
  {
    ...shared,
    id: "w1-adam",
    title: "MLP 2-3-1, sigmoid, Adam, batch 32",
    optimizer: { ...adam, learningRate: 0.01 },
  },
];

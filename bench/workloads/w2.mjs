import { clouds } from "../data.mjs";

/** The usual first net for 28 x 28 digits, at two batch sizes. */
export default [32, 128].map((batch) => ({
  id: `w2-${batch}`,
  title: `MLP 784-128-10, relu, Adam, batch ${batch}`,
  measure: "training",
  net: {
    inputs: 784,
    layers: [
      { units: 128, activation: "relu" },
      { units: 10, activation: "linear" },
    ],
  },
  loss: "softmaxCrossEntropy",
  optimizer: { name: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  batch,
  unit: "examples/s",
  data: () => clouds({ seed: 2, examples: 3200, features: 784, classes: 10 }),
}));

import { clouds } from "../data.mjs";

/** Products large enough that the arithmetic decides. */
export default [
  {
    id: "w3",
    title: "MLP 784-1024-1024-10, relu, Adam, batch 256",
    measure: "training",
    net: {
      inputs: 784,
      layers: [
        { units: 1024, activation: "relu" },
        { units: 1024, activation: "relu" },
        { units: 10, activation: "linear" },
      ],
    },
    loss: "softmaxCrossEntropy",
    optimizer: { name: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    batch: 256,
    unit: "examples/s",
    data: () => clouds({ seed: 3, examples: 1024, features: 784, classes: 10 }),
  },
];

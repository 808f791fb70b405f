import { clouds } from "../data.mjs";
import { adam } from "../nets.mjs";

/** Products large enough that the arithmetic decides. */
export default [
  {
    id: "w3",
    title: "MLP 784-1024-1024-10, relu, Adam, batch 256",
    measure: "slices",
    task: "train",
    net: {
      inputShape: [784],
      layers: [
        { type: "dense", units: 1024, activation: "relu" },
        { type: "dense", units: 1024, activation: "relu" },
        { type: "dense", units: 10, activation: "linear" },
      ],
    },
    loss: "softmaxCrossEntropy",
    optimizer: adam,
    batch: 256,
    unit: "examples/s",
    data: () => clouds({ seed: 3, examples: 1024, features: 784, classes: 10 }),
  },
];

import { clouds } from "../data.mjs";
import { adam, digitsCnn } from "../nets.mjs";

/** The usual first convolutional net for 28 x 28 digits. */
export default [
  {
    id: "w4",
    title: "CNN conv 3x3x32, pool, conv 3x3x64, pool, dense 128, dense 10; relu, Adam, batch 64",
    measure: "slices",
    task: "train",
    net: digitsCnn,
    loss: "softmaxCrossEntropy",
    optimizer: adam,
    batch: 64,
    unit: "examples/s",
    data: () => clouds({ seed: 4, examples: 640, features: 784, classes: 10 }),
  },
];

import { clouds } from "../data.mjs";
import { adam, digitsMlp } from "../nets.mjs";

/** The usual first net for 28 x 28 digits, at two batch sizes. */
export default [32, 128].map((batch) => ({
  id: `w2-${batch}`,
  title: `MLP 784-128-10, relu, Adam, batch ${batch}`,
  measure: "slices",
  task: "train",
  net: digitsMlp,
  loss: "softmaxCrossEntropy",
  optimizer: adam,
  batch,
  unit: "examples/s",
  data: () => clouds({ seed: 2, examples: 3200, features: 784, classes: 10 }),
}));

import { clouds } from "../data.mjs";
import { digitsCnn, digitsMlp } from "../nets.mjs";

/** From one example as a plain array of numbers to its ten outputs as a plain array. */
const shared = {
  measure: "slices",
  task: "predict",
  batch: 1,
  unit: "us",
  data: () => clouds({ seed: 7, examples: 64, features: 784, classes: 10 }),
};

export default [
  { ...shared, id: "w7-mlp", title: "predict one example, MLP 784-128-10 (the net of w2)", net: digitsMlp },
  { ...shared, id: "w7-cnn", title: "predict one example, CNN (the net of w4)", net: digitsCnn },
];

import { adam, digitsMlp } from "../nets.mjs";

/** What a browser downloads to train a dense net: one build by Rolldown, minified and gzipped. */
export default [
  {
    id: "size",
    title: "browser bundle that trains MLP 784-128-10 with Adam, gzipped",
    measure: "size",
    task: "train",
    net: digitsMlp,
    loss: "softmaxCrossEntropy",
    optimizer: adam,
    batch: 32,
  },
];

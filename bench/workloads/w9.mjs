import { tokens } from "../data.mjs";
import { adam } from "../nets.mjs";

const [length, width, vocabulary] = [64, 64, 256];

/** x = x + attention(norm(x)), then x = x + dense(relu(dense(norm(x)))): one block over embedded bytes. */
export default [
  {
    id: "w9",
    title: "transformer block: embedding, 4-head attention, layer norm, feed-forward 4x; 64 x 64, Adam, batch 16",
    measure: "slices",
    task: "train",
    net: {
      inputShape: [length],
      integers: true,
      layers: [
        { type: "embedding", inputDim: vocabulary, outputDim: width },
        { type: "transformerBlock", numHeads: 4, keyDim: width / 4, feedForward: 4 * width },
        { type: "globalAveragePooling1d" },
        { type: "dense", units: 10, activation: "linear" },
      ],
    },
    loss: "softmaxCrossEntropy",
    optimizer: adam,
    batch: 16,
    unit: "examples/s",
    data: () => tokens({ seed: 9, examples: 320, length, vocabulary, classes: 10 }),
  },
];

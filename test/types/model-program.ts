// instantiations: 20000
// A model of 30 layers with known shapes, compiled, fitted and used: what its types cost the compiler.
import type { Tensor } from "../../src/graph/tensor.ts";
import { layers, losses, optimizers, sequential } from "../../src/index.ts";

declare const x: Tensor<[6000, 28, 28, 1], "float32">;
declare const y: Tensor<[6000], "int32">;

const net = sequential([
  layers.input({ shape: [28, 28, 1] }),
  layers.reshape({ targetShape: [14, 14, 4] }),
  layers.flatten(),
  layers.dense({ units: 512, activation: "relu", name: "layer1" }),
  layers.dropout({ rate: 0.1 }),
  layers.dense({ units: 1024 }),
  layers.activation({ activation: "silu" }),
  layers.reshape({ targetShape: [32, 32] }),
  layers.dense({ units: 48, activation: "tanh" }),
  layers.dropout({ rate: 0.2 }),
  layers.flatten(),
  layers.dense({ units: 768 }),
  layers.reshape({ targetShape: [3, 16, 16] }),
  layers.activation({ activation: "leakyRelu" }),
  layers.dense({ units: 12 }),
  layers.flatten(),
  layers.dense({ units: 256, useBias: false }),
  layers.dropout({ rate: 0.3 }),
  layers.dense({ units: 128, activation: "relu" }),
  layers.reshape({ targetShape: [8, -1] }),
  layers.flatten(),
  layers.dense({ units: 64, activation: "relu" }),
  layers.dropout({ rate: 0.4 }),
  layers.dense({ units: 63, activation: "relu" }),
  layers.reshape({ targetShape: [7, 9] }),
  layers.dense({ units: 11, activation: "relu" }),
  layers.flatten(),
  layers.dense({ units: 32, activation: "relu" }),
  layers.dropout({ rate: 0.5 }),
  layers.dense({ units: 10 }),
]);
const model = net.compile({
  optimizer: optimizers.adam({ learningRate: 1e-3 }),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ["accuracy"],
});
const { history } = await model.fit(x, y, { epochs: 3, validationSplit: 0.1 });
const { accuracy } = await model.evaluate(x, y);
const logits: Tensor<[number, 10]> = await model.predict(x);
export const shown: readonly unknown[] = [history.val_accuracy, accuracy, logits];

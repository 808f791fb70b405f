// What models know of their data: exact types, and the arguments that are blamed.
import type { Any, Shape } from "../../src/core/shape-types.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { activation, dense, dropout, flatten, input, type Layer, reshape } from "../../src/layers/index.ts";
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  meanSquaredError,
  sparseCategoricalCrossentropy,
} from "../../src/losses/index.ts";
import { sparseCategoricalAccuracy } from "../../src/metrics/index.ts";
import { loadModel, type Model, type Sequential, sequential } from "../../src/models/index.ts";
import { adam } from "../../src/optimizers/index.ts";
import { is } from "./assertions.ts";

type F<S extends Shape> = Tensor<S, "float32">;
declare const pixels: F<[60000, 784]>;
declare const pictures: F<[32, 28, 28]>;
declare const digits: Tensor<[60000], "int32">;
declare const bytes: Tensor<[60000], "uint8">;
declare const floatDigits: F<[60000]>;
declare const oneHot: F<[60000, 10]>;
declare const column: F<[60000, 1]>;
declare const unknown: Tensor;
declare const anyRank: F<number[]>;
declare const anySizes: F<[number, number]>;
declare const rows: number[][];
declare const layers: Layer[];

const net = sequential([input({ shape: [784] }), dense({ units: 128, activation: "relu" }), dense({ units: 10 })]);
is<typeof net, Sequential<[number, 784], [number, 10]>>(true);
const logits = sparseCategoricalCrossentropy({ fromLogits: true });

// ---- predict, apply
is<Awaited<ReturnType<typeof net.predict<F<[5, 784]>>>>, Tensor<[number, 10]>>(true);
void net.predict(pixels);
void net.predict(unknown);
void net.predict(anyRank);
void net.predict(anySizes);
void net.predict(rows);
net.apply(pixels);
// @ts-expect-error predict: expected shape (?, 784), got float32 of shape (32, 28, 28)
void net.predict(pictures);
// @ts-expect-error predict: expected shape (?, 784), got float32 of shape (60000, 10)
void net.predict(oneHot);
// @ts-expect-error apply: expected shape (?, 784), got float32 of shape (60000, 10)
net.apply(oneHot);

// ---- labels of a sparse loss
{
  const model = net.compile({ optimizer: adam(), loss: logits, metrics: ["accuracy"] });
  is<typeof model, Model<[number, 784], [number, 10], "sparse", "accuracy">>(true);
  void model.fit(pixels, digits);
  void model.fit(pixels, bytes, { epochs: 2 });
  void model.fit(pixels, unknown);
  void model.fit(rows, [1, 2, 3]);
  void model.trainOnBatch(pixels, digits);
  // @ts-expect-error fit, y: expected int32 class indices of shape (?,), got float32 of shape (60000, 10)
  void model.fit(pixels, oneHot);
  // @ts-expect-error fit, y: expected int32 class indices of shape (?,), got float32 of shape (60000,)
  void model.fit(pixels, floatDigits);
  // @ts-expect-error fit, x: expected shape (?, 784), got float32 of shape (32, 28, 28)
  void model.fit(pictures, digits);
  // @ts-expect-error evaluate, y: expected int32 class indices of shape (?,), got float32 of shape (60000, 10)
  void model.evaluate(pixels, oneHot);
  // @ts-expect-error trainOnBatch, y: expected int32 class indices of shape (?,), got float32 of shape (60000, 10)
  void model.trainOnBatch(pixels, oneHot);
}
{
  const model = net.compile({ loss: "sparseCategoricalCrossentropy" });
  is<typeof model, Model<[number, 784], [number, 10], "sparse", never>>(true);
  // @ts-expect-error fit, y: expected int32 class indices of shape (?,), got float32 of shape (60000, 10)
  void model.fit(pixels, oneHot);
}

// ---- labels of the predictions' shape
{
  const model = net.compile({ loss: categoricalCrossentropy({ fromLogits: true }) });
  void model.fit(pixels, oneHot);
  // @ts-expect-error fit, y: expected labels of shape (?, 10), got int32 of shape (60000,)
  void model.fit(pixels, digits);
}
{
  const binary = sequential([input({ shape: [784] }), dense({ units: 1, activation: "sigmoid" })]);
  const model = binary.compile({ loss: binaryCrossentropy(), metrics: ["accuracy", "mse"] });
  void model.fit(pixels, column);
  void model.fit(pixels, floatDigits);
  void model.fit(pixels, digits);
  // @ts-expect-error fit, y: expected labels of shape (?, 1), got float32 of shape (60000, 10)
  void model.fit(pixels, oneHot);
}

// ---- names of metrics
async function names(): Promise<void> {
  const metrics = ["accuracy", sparseCategoricalAccuracy({ name: "top" })] as const;
  const model = net.compile({ loss: logits, metrics });
  const { history } = await model.fit(pixels, digits);
  is<typeof history.accuracy, number[]>(true);
  is<typeof history.loss, number[]>(true);
  is<typeof history.val_top, number[] | undefined>(true);
  // @ts-expect-error there is no metric of this name
  void history.precision;
  const logs = await model.evaluate(pixels, digits);
  is<typeof logs, { readonly loss: number } & { readonly accuracy: number; readonly top: number }>(true);
  // @ts-expect-error there is no metric of this name
  void logs.precision;
  const open = await net.compile({ loss: logits, metrics: ["accuracy"] as string[] }).evaluate(pixels, digits);
  is<(typeof open)["anything"], number>(true);
}

// ---- the statement form: labels are judged when the program runs
net.compile({ loss: logits, metrics: ["accuracy"] });
void net.fit(pixels, oneHot).then(({ history }) => history["accuracy"]);
// @ts-expect-error the features are known all the same
void net.fit(pictures, oneHot);

// ---- unknown models take everything
async function train(model: Model, x: Tensor, y: Tensor): Promise<number> {
  await model.fit(x, y);
  const { loss } = await model.evaluate(x, y);
  return loss + (await model.predict(x)).size;
}
void train(net, pixels, digits);
void train(net.compile({ loss: logits }), pixels, oneHot);
void train(sequential(layers), pixels, digits);
{
  const open = sequential(layers);
  is<typeof open, Sequential>(true);
  const model = open.compile({ loss: meanSquaredError() });
  is<typeof model, Model<Any, Any, "same", never>>(true);
  void model.fit(pictures, oneHot);
  void loadModel("net.safetensors").then((loaded) => loaded.predict(pixels));
}
{
  // Without an input layer the output's last axis alone is known, and not even the rank.
  const headless = sequential([dense({ units: 3 }), dense({ units: 4 })]);
  void headless.predict(pixels);
  void headless.predict(pictures);
}

// ---- layers that do not fit are blamed in the list
// @ts-expect-error dense expects rank >= 2, got (?,)
sequential([input({ shape: [] }), dense({ units: 3 })]);
// @ts-expect-error reshape: 784 values a row do not fill (28, 27)
sequential([input({ shape: [28, 28] }), flatten(), dropout({ rate: 0.1 }), reshape({ targetShape: [28, 27] })]);
sequential([
  input({ shape: [28, 28] }),
  flatten(),
  activation({ activation: "relu" }),
  reshape({ targetShape: [4, -1] }),
]);
void names;

// Twenty programs as people write them who never think of types: each compiles as it is.
import {
  compile,
  engine,
  grad,
  initializers,
  layers,
  loadModel,
  losses,
  type Model,
  metrics,
  ones,
  optimizers,
  random,
  sequential,
  stack,
  type Tensor,
  tensor,
  Variable,
  zeros,
} from "../../src/index.ts";

declare function readCsv(path: string): number[][];
declare function readPixels(path: string): Uint8Array;

export async function firstNetwork(): Promise<void> {
  const model = sequential([layers.dense({ units: 4, activation: "relu" }), layers.dense({ units: 1 })]);
  model.compile({ optimizer: "adam", loss: "mse" });
  await model.fit([[1], [2], [3]], [[2], [4], [6]], { epochs: 10 });
  console.log((await model.predict([[4]])).toString());
}

export async function xor(): Promise<number> {
  const x = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]); // biome-ignore format: a table
  const y = tensor([[0], [1], [1], [0]]);
  const net = sequential([
    layers.dense({ units: 3, activation: "tanh" }),
    layers.dense({ units: 1, activation: "sigmoid" }),
  ]);
  net.compile({ optimizer: optimizers.sgd({ learningRate: 0.5 }), loss: "binaryCrossentropy", metrics: ["accuracy"] });
  const history = await net.fit(x, y, { epochs: 500, verbose: 0 });
  return history.history["accuracy"]?.at(-1) ?? 0;
}

export async function layersInALoop(sizes: number[]): Promise<Tensor> {
  const list = [];
  for (const units of sizes) list.push(layers.dense({ units, activation: "relu" }), layers.dropout({ rate: 0.1 }));
  list.push(layers.dense({ units: 10 }));
  const model = sequential(list, { seed: 7 });
  model.compile({ loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }) });
  await model.fit(
    readCsv("x.csv"),
    readCsv("y.csv").map((row) => row[0] ?? 0),
  );
  return model.predict(readCsv("new.csv"));
}

export async function pictures(): Promise<void> {
  const x = tensor(readPixels("images"), { shape: [100, 28, 28] })
    .cast("float32")
    .div(255);
  const y = tensor(readPixels("labels"), { dtype: "int32" });
  const model = sequential([layers.flatten(), layers.dense({ units: 10, activation: "softmax" })]);
  model.compile({ optimizer: "rmsprop", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  await model.fit(x, y, { batchSize: 64, validationSplit: 0.2 });
  const { loss, accuracy } = await model.evaluate(x, y);
  console.log(`loss ${loss}, accuracy ${accuracy}`);
}

export async function generated(): Promise<void> {
  const model = sequential([layers.input({ shape: [8] }), layers.dense({ units: 1 })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  await model.fit(function* () {
    for (let i = 0; i < 10; i++) yield { x: random.normal({ shape: [32, 8], key: random.key(i) }), y: zeros([32, 1]) };
  });
}

export async function streamed(lines: AsyncIterable<string>): Promise<void> {
  async function* batches() {
    for await (const line of lines) yield { x: [line.split(",").map(Number)], y: [[1]] };
  }
  const model = sequential([layers.dense({ units: 1 })]).compile({ optimizer: "adam", loss: "mse" });
  await model.fit(batches(), { verbose: 2 });
}

export async function helperFunction(model: Model, x: Tensor, y: Tensor): Promise<number> {
  await model.fit(x, y, { epochs: 1 });
  return (await model.evaluate(x, y)).loss;
}

export async function severalModels(): Promise<number[]> {
  const models = [1, 2, 3].map((units) =>
    sequential([layers.dense({ units, inputShape: [5] }), layers.dense({ units: 1 })]),
  );
  const found: number[] = [];
  for (const model of models) {
    model.compile({ optimizer: "adam", loss: "meanSquaredError" });
    found.push(await helperFunction(model, ones([10, 5]), ones([10, 1])));
  }
  return found;
}

export function ownLoop(): void {
  const w = new Variable(zeros([3, 1]));
  const x = ones([10, 3]);
  const step = compile((y: Tensor) => {
    const f = (weights: Tensor) => x.matmul(weights).sub(y).square().mean();
    w.assign(w.read().sub(grad(f)(w.read()).mul(0.1)));
    return f(w.read());
  });
  for (let i = 0; i < 100; i++) step(ones([10, 1]));
}

export function reassigned(x: Tensor): Tensor {
  let h: Tensor = x;
  for (let i = 0; i < 3; i++)
    h = h
      .matmul(ones([4, 4]))
      .add(1)
      .tanh();
  h = h.reshape([-1, 2]);
  return h.sum({ axis: 0 });
}

export async function ownLoss(): Promise<void> {
  const model = sequential([layers.dense({ units: 2 })]);
  model.compile({ optimizer: "adam", loss: (yTrue, yPred) => yTrue.sub(yPred).abs() });
  await model.trainOnBatch([[1, 2]], [[1, 2]]);
}

export async function ownLayer(): Promise<void> {
  class Scale extends layers.Layer {
    override call(x: Tensor): Tensor {
      return x.mul(2);
    }
  }
  const model = sequential([new Scale(), layers.dense({ units: 2 })]);
  model.compile({ optimizer: "adam", loss: "mse" });
  await model.fit(ones([4, 3]), ones([4, 2]));
}

export async function saveAndLoad(): Promise<void> {
  const model = sequential([layers.dense({ units: 2 })]);
  model.build([null, 3]);
  await model.save("net.safetensors");
  const again = await loadModel("net.safetensors");
  console.log(again.summary(), again.countParams());
  again.compile({ optimizer: "adam", loss: "mse" });
  await again.fit(ones([4, 3]), ones([4, 2]));
}

export async function classWeights(): Promise<void> {
  const model = sequential([layers.dense({ units: 2, activation: "softmax" })]);
  model.compile({ loss: "categoricalCrossentropy", metrics: [metrics.categoricalAccuracy(), "mse"] });
  const y = [[0, 1], [1, 0]]; // biome-ignore format: a table
  await model.fit([[1], [2]], y, { classWeight: { 0: 1, 1: 5 }, sampleWeight: [1, 2] });
}

export async function stopped(): Promise<string | null> {
  const controller = new AbortController();
  const model = sequential([layers.dense({ units: 1 })]);
  model.compile({ optimizer: "adam", loss: "mse" });
  setTimeout(() => controller.abort(), 1000);
  const { stopped } = await model.fit(ones([100, 4]), ones([100, 1]), { epochs: 1e6, signal: controller.signal });
  return stopped;
}

export async function frozen(): Promise<void> {
  const base = layers.dense({ units: 8, activation: "relu", kernelInitializer: "heNormal" });
  const model = sequential([base, layers.dense({ units: 1, biasInitializer: initializers.zeros() })]);
  model.compile({ optimizer: "adam", loss: "mse" });
  await model.fit(ones([10, 4]), ones([10, 1]));
  base.trainable = false;
  await model.fit(ones([10, 4]), ones([10, 1]));
}

export async function crossValidation(x: number[][], y: number[]): Promise<number> {
  const scores = [];
  for (let fold = 0; fold < 5; fold++) {
    const isHeldOut = (_: unknown, i: number) => i % 5 === fold;
    const model = sequential([layers.dense({ units: 3 })]);
    model.compile({ loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }), metrics: ["accuracy"] });
    await model.fit(x.filter((_, i) => i % 5 !== fold), y.filter((_, i) => i % 5 !== fold)); // biome-ignore format: one look
    const result = await model.evaluate(x.filter(isHeldOut), y.filter(isHeldOut));
    scores.push(result["accuracy"] ?? 0);
  }
  return scores.reduce((a, b) => a + b) / scores.length;
}

export async function averagedWeights(models: Model[]): Promise<void> {
  const all = models.map((model) => model.getWeights());
  const mean = all[0]?.map((_, i) => stack(all.map((weights) => weights[i] as Tensor)).mean({ axis: 0 })) ?? [];
  models[0]?.setWeights(mean);
}

export async function plotted(): Promise<string> {
  const model = sequential([layers.dense({ units: 1 })]).compile({ optimizer: "sgd", loss: "mse", metrics: ["mae"] });
  const { history } = await model.fit(ones([20, 2]), ones([20, 1]), { epochs: 5, validationSplit: 0.25 });
  return history.loss
    .map((value, i) => `${i}: ${value.toFixed(3)} ${history.val_loss?.[i]} ${history.mae[i]}`)
    .join("\n");
}

export async function reusedNames(): Promise<void> {
  let model: Model = sequential([layers.dense({ units: 1 })]);
  model.compile({ optimizer: "adam", loss: "mse" });
  model = sequential([layers.dense({ units: 2 }), layers.dense({ units: 1 })]);
  model.compile({ optimizer: "adam", loss: "mse" });
  await model.fit(ones([2, 2]), ones([2, 1]));
  console.log(engine.describe());
}

// What a user writes first, in an empty project: ../consumer.process.test.ts packs the library, installs it beside this
// program, checks the program's types there, bundles it and runs it.
import { type History, layers, loadModel, losses, type Model, sequential, type Tensor, tensor } from "gradwise";

interface Data {
  readonly x: Tensor<[number, number], "float32">;
  readonly y: Tensor<[number], "int32">;
}

/** Points of a square, and in which of its quarters they lie. */
export function quarters(count: number): Data {
  const points = Array.from({ length: count }, (_, i) => [((i * 37) % 101) / 50 - 1, ((i * 71) % 103) / 51 - 1]);
  const labels = points.map(([x = 0, y = 0]) => (x > 0 ? 1 : 0) + (y > 0 ? 2 : 0));
  return { x: tensor(points, { shape: [count, 2] }), y: tensor(labels, { dtype: "int32" }) };
}

const { x, y } = quarters(400);
const net = sequential(
  [layers.input({ shape: [2] }), layers.dense({ units: 16, activation: "relu" }), layers.dense({ units: 4 })],
  { seed: 1 },
);
const loss = losses.sparseCategoricalCrossentropy({ fromLogits: true });
const model = net.compile({ optimizer: "adam", loss, metrics: ["accuracy"] });
// Types that are `any` would let this pass.
// @ts-expect-error The labels of this loss are integers, one a point.
const refused = (): Promise<History> => model.fit(x, x);

const history = await model.fit(x, y, { epochs: 30, batchSize: 20, seed: 2, verbose: 0 });
const [first = 0, last = first] = [history.history.loss.at(0), history.history.loss.at(-1)];
const { accuracy } = await model.evaluate(x, y);
const logits: Tensor<[number, 4]> = await model.predict(x);

// What only some programs need is loaded when it is asked for: a chunk of its own in a bundle.
const loaded: Model = await loadModel(await model.toBytes());
const same = String(await loaded.predict(x)) === String(logits);

export const outcome: Readonly<Record<string, number | boolean | string>> = {
  first,
  last,
  accuracy,
  same,
  guarded: typeof refused,
};
console.log(JSON.stringify(outcome));

import { layers, linspace, sequential, setFloatx, stack, tensor } from "gradwise";
import { expect, test } from "vitest";

// Notes 000 (`my_dense`, `my_sequential`) and 003 (`dense`, `sequential`): the loops that a layer's product replaces.

setFloatx("float64");

/** The weights that note 000 prints. */
const W1_tmp = [
  [-8.93, 0.29, 12.9],
  [-0.1, -7.32, 10.81],
];
const b1_tmp = [-9.82, -9.28, 0.96];
const W2_tmp = [[-31.18], [-27.59], [-32.56]];
const b2_tmp = [15.41];

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

function my_dense(
  a_in: readonly number[],
  W: readonly number[][],
  b: readonly number[],
  g: (z: number) => number,
): number[] {
  const a_out: number[] = [];
  for (let j = 0; j < b.length; j++) {
    let z = b[j];
    for (let i = 0; i < a_in.length; i++) z += W[i][j] * a_in[i];
    a_out[j] = g(z);
  }
  return a_out;
}

function my_sequential(x: readonly number[]): number[] {
  const a1 = my_dense(x, W1_tmp, b1_tmp, sigmoid);
  return my_dense(a1, W2_tmp, b2_tmp, sigmoid);
}

/** Normalised roasts, as far as the lab's go: [121, 2]. */
const roasts = (() => {
  const range = linspace(-1.7, 1.8, 11);
  const [temperature, minutes] = [range.reshape([11, 1]), range.reshape([1, 11])].map((x) =>
    x.broadcastTo([11, 11]).flatten(),
  );
  return stack([temperature, minutes], { axis: 1 });
})();
const rows = roasts.arraySync() as number[][];

function expectClose(got: Iterable<number>, expected: readonly number[]): void {
  const values = [...got];
  expect(values).toHaveLength(expected.length);
  // A sum in another order and another exp: some units in the last place.
  const worst = Math.max(...values.map((value, i) => Math.abs(value - expected[i]) / expected[i]));
  expect(worst).toBeLessThan(1e-13);
}

test("a layer equals my_dense", () => {
  const layer = layers.dense({ units: 3, activation: "sigmoid", name: "layer1" });
  layer.apply(roasts);
  layer.setWeights([tensor(W1_tmp), tensor(b1_tmp)]);
  const a1 = layer.apply(roasts);
  expect([a1.shape, a1.dtype]).toEqual([[121, 3], "float64"]);
  expectClose(
    a1.dataSync(),
    rows.flatMap((x) => my_dense(x, W1_tmp, b1_tmp, sigmoid)),
  );
});

test("a sequential model equals my_sequential, and decides alike", async () => {
  const model = sequential([
    layers.input({ shape: [2] }),
    layers.dense({ units: 3, activation: "sigmoid", name: "layer1" }),
    layers.dense({ units: 1, activation: "sigmoid", name: "layer2" }),
  ]);
  model.setWeights([W1_tmp, b1_tmp, W2_tmp, b2_tmp].map((values) => tensor(values)));
  const predictions = [...(await model.predict(roasts)).dataSync()];
  const byHand = rows.flatMap(my_sequential);
  expectClose(predictions, byHand);
  const good = byHand.filter((p) => p >= 0.5).length;
  expect(good).toBeGreaterThan(0);
  expect(good).toBeLessThan(121);
});

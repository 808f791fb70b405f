import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../src/engine/compile.ts";
import { conv } from "../../src/engine/convolve.ts";
import { describeEngine } from "../../src/engine/describe.ts";
import { Engine, withEngine } from "../../src/engine/engine.ts";
import { grad } from "../../src/engine/gradients.ts";
import { scan } from "../../src/engine/loops.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import * as layers from "../../src/layers/index.ts";
import { sparseCategoricalCrossentropy } from "../../src/losses/index.ts";
import { sequential } from "../../src/models/sequential.ts";
import { ops } from "../../src/ops/index.ts";
import { maxPool } from "../../src/ops/max-pool.ts";
import * as random from "../../src/ops/random.ts";
import { tensor } from "../../src/ops/tensor.ts";
import { adam } from "../../src/optimizers/index.ts";
import { expectSameBits, type Values, valuesOf } from "../support/compare.ts";
import { partedBy } from "../support/force-partition.ts";
import { smallData } from "../support/small-data.ts";
import { threadedEngine } from "../support/threaded-engine.ts";

/** Values with tails in every dimension, some of them negative zero or equal. */
function some(shape: readonly number[], seed = 1): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => Math.round(4096 * Math.sin(seed + i * 0.37)) / 1024),
    { shape },
  );
}

type Case = readonly [
  name: string,
  shapes: readonly (readonly number[])[],
  body: (...xs: Tensor[]) => Tensor | Tensor[],
];

const product = (transposeA: boolean, transposeB: boolean) => (a: Tensor, b: Tensor) =>
  ops.matmul(a, b, { transposeA, transposeB });

/** Products in a loop whose rows mix, so that they are shared call by call: operands walk along the slices, both ways. */
function recurrent(start: Tensor, xs: Tensor, w: Tensor): Tensor[] {
  const { carry, ys } = scan(
    (h: Tensor, x: Tensor) => {
      const mixed = ops.sub(h, ops.mean(h, { axis: 0, keepDims: true }));
      const next = ops.tanh(ops.add(ops.matmul(mixed, w), ops.matmul(x, w)));
      return { carry: next, y: next };
    },
    start,
    xs,
  );
  return [carry, ys].flat();
}

const recurrentLoss = (w: Tensor, start: Tensor, xs: Tensor): Tensor => ops.sum(recurrent(start, xs, w)[1] as Tensor);

const CASES: readonly Case[] = [
  ["product by rows", [[401, 67], [67, 33]], product(false, false)],
  ["product by columns", [[33, 67], [67, 401]], product(false, false)],
  ["product, B packed", [[129, 300], [300, 1025]], product(false, false)],
  ["product, A transposed", [[67, 401], [67, 33]], product(true, false)],
  ["product, A transposed and packed", [[257, 1025], [257, 130]], product(true, false)],
  ["product, B transposed", [[129, 67], [401, 67]], product(false, true)],
  ["product, both transposed", [[67, 257], [129, 67]], product(true, true)],
  ["product of one row", [[1, 701], [701, 801]], product(false, false)],
  ["product of one row, B transposed", [[1, 701], [801, 701]], product(false, true)],
  ["product to one column", [[801, 701], [701, 1]], product(false, false)],
  ["product to one column, A transposed", [[701, 801], [701, 1]], product(true, false)],
  ["products of a batch", [[40, 33, 31], [40, 31, 35]], product(false, false)],
  ["products of a small batch", [[3, 130, 40], [3, 40, 50]], product(false, false)],
  ["product in float64", [[130, 67], [67, 65]], (a, b) => ops.matmul(a.cast("float64"), b.cast("float64"))],
  ["elementwise", [[100_003]], (x) => ops.tanh(ops.mul(x, x))],
  ["elementwise, broadcast", [[301, 257], [257]], (x, y) => ops.add(ops.exp(x), y)],
  ["elementwise, short rows", [[301, 99], [99]], (x, y) => [ops.add(ops.exp(x), y), ops.greater(x, y)]],
  ["elementwise, transposed", [[301, 257]], (x) => ops.add(ops.transpose(x), 1)],
  ["elementwise, of other dtypes", [[90_001]], (x) => [ops.greater(x, 0), x.cast("int32"), x.cast("float64")]],
  ["random bits", [[70_001]], (x) => ops.add(x, random.uniform({ shape: [70_001], key: random.key(3) }))],
  ["pieces side by side", [[301, 99], [99, 301]], (x, y) => ops.concat([x, ops.transpose(y)])],
  ["sum along rows", [[401, 257]], (x) => ops.sum(x, { axis: 1 })],
  ["sum of rows", [[401, 257]], (x) => ops.sum(ops.mul(x, x), { axis: 0 })],
  ["sum in the middle", [[17, 61, 83]], (x) => ops.sum(x, { axis: 1 })],
  ["sum of everything", [[401, 257]], (x) => ops.sum(x)],
  ["maximum and its place", [[401, 257]], (x) => [ops.max(x, { axis: 1 }), ops.argMax(x, { axis: 0 })]],
  ["softmax", [[301, 257]], (x) => ops.softmax(x)],
  ["softmax over rows too long to be fused", [[5, 20_001]], (x) => ops.logSoftmax(x)],
  ["normalised rows", [[501, 99]], (x) => ops.div(ops.sub(x, ops.mean(x, { axis: 1, keepDims: true })), 2)],
  ["convolution", [[9, 13, 13, 5], [3, 3, 5, 33]], (x, k) => conv(x, k)],
  ["convolution, padded, with a bias", [[9, 13, 13, 5], [3, 3, 5, 33], [33]], (x, k, bias) => conv(x, k, { padding: "same", bias })],
  ["convolution's gradients", [[9, 13, 13, 5], [3, 3, 5, 33]], (x, k) => {
    const loss = (a: Tensor, b: Tensor) => ops.sum(ops.tanh(conv(a, b, { padding: "same", strides: 2 })));
    return [grad(loss)(x, k), grad((b: Tensor, a: Tensor) => loss(a, b))(k, x)];
  }],
  ["convolution of one picture", [[1, 33, 33, 9], [3, 3, 9, 70], [70]], (x, k, bias) => conv(x, k, { bias })],
  ["convolution that pools", [[9, 17, 17, 5], [3, 3, 5, 33]], (x, k) => maxPool(conv(x, k), 2)],
  ["convolution of one picture that pools, and its gradient", [[1, 33, 33, 9], [3, 3, 9, 70], [70]], (x, k, bias) => {
    const y = (w: Tensor) => ops.relu(maxPool(conv(x, w, { bias }), 2));
    return [y(k), grad((w: Tensor) => ops.sum(ops.mul(y(w), y(w))))(k)];
  }],
  ["convolution over time", [[40, 99, 7], [5, 7, 24]], (x, k) => conv(x, k)],
  ["pooling", [[16, 32, 32, 9]], (x) => maxPool(x, 2)],
  ["gathered rows", [[301, 129]], (x) => ops.gather(x, tensor([3, 300, 5, 3, 0, 17], { dtype: "int32" }))],
  ["a loop", [[65, 90], [5, 65, 90], [90, 90]], recurrent],
  ["a loop's gradients", [[65, 90], [5, 65, 90], [90, 90]], (h, xs, w) => grad(recurrentLoss)(w, h, xs)],
  ["gradients", [[129, 67], [67, 130]], (a, b) => grad((x: Tensor, y: Tensor) => ops.sum(ops.tanh(ops.matmul(x, y))))(a, b)],
]; // biome-ignore format: a table

let engines: Engine[] = [];
beforeAll(async () => {
  engines = [new Engine({ threads: 1 }), await threadedEngine(2), await threadedEngine(3)];
}, 60_000);

describe.each(CASES)("%s", (name, shapes, body) => {
  const once = (engine: Engine, compiled: boolean): Values[] =>
    withEngine(engine, () => {
      const run = compiled ? compile((...xs: Tensor[]) => [body(...xs)].flat()) : body;
      return [run(...shapes.map((shape, i) => some(shape, i)))].flat().map(valuesOf);
    });
  const expectSame = (compiled: boolean, rounds: number): void => {
    const want = once(engines[0] as Engine, compiled);
    for (const engine of engines.slice(1)) {
      for (let round = 0; round < rounds; round++) {
        once(engine, compiled).forEach((got, i) => {
          expectSameBits(got, want[i] as Values, `result ${i} in round ${round}`);
        });
      }
    }
  };

  it.each([0, 1, 2])("gives the same bits on 1, 2 and 3 threads, parted in way %i", async (way) => {
    const parted = await partedBy(way, () => expectSame(true, 2));
    // One number has no parts.
    expect(parted > 0).toBe(name !== "sum of everything");
  });

  it.each([["compiled", true], ["op by op", false]])("gives the same bits on 1, 2 and 3 threads, %s", (__, compiled) => {
    expectSame(compiled as boolean, 3);
  }); // biome-ignore format: one line a case
});

/** The weights after a while of training, and how the engine's threads fared. */
async function trained(threads: number, profile: "exact" | "fast"): Promise<{ weights: Values[]; line: string }> {
  const engine = new Engine({ threads, profile });
  return withEngine(engine, async () => {
    const { x, y } = smallData(330, 300, 10);
    const hidden = layers.dense({ units: 512, activation: "relu" });
    const net = sequential([hidden, layers.dropout({ rate: 0.1 }), layers.dense({ units: 10 })], { seed: 2 });
    net.compile({ optimizer: adam(), loss: sparseCategoricalCrossentropy({ fromLogits: true }) });
    await net.fit(tensor(x), tensor(y, { dtype: "int32" }), { epochs: 16, batchSize: 165, seed: 4, verbose: 0 });
    return { weights: net.getWeights().map(valuesOf), line: describeEngine(engine).split("\n").at(-1) as string };
  });
}

it.each(["exact", "fast"] as const)(
  "training gives the same weights on 1, 2 and 3 threads, profile %s",
  async (profile) => {
    const want = await trained(1, profile);
    for (const threads of [2, 3]) {
      const got = await trained(threads, profile);
      expect(got.line).toMatch(/ of them workers$/);
      got.weights.forEach((weight, i) => {
        expectSameBits(weight, want.weights[i] as Values, `weight ${i} on ${threads} threads`);
      });
    }
  },
);

it("compares engines whose workers run", () => {
  expect(engines.slice(1).map((engine) => describeEngine(engine))).toEqual([
    expect.stringMatching(/2: as asked; 1 of them workers/),
    expect.stringMatching(/3: as asked; 2 of them workers/),
  ]);
});

import { beforeAll, describe, expect, it } from "vitest";
import { freshGradwise, type Gradwise } from "../../test/support/fresh-gradwise.ts";
import { smallData, smallModel } from "../../test/support/small-data.ts";
import type { Model } from "./model.ts";
import type { SampleBatch } from "./stream.ts";

const { x, y } = smallData(50);
let gw: Gradwise;
beforeAll(async () => {
  gw = await freshGradwise({});
});

function newModel(): Model {
  return smallModel(gw);
}

function* batches(): Generator<SampleBatch> {
  yield { x, y };
}

describe("bad input", () => {
  const cases: [what: string, fit: (model: Model) => Promise<unknown>, message: string][] = [
    ["no samples", (m) => m.fit(gw.zeros([0, 4]), gw.zeros([0])), "fit: x holds no samples; its shape is (0, 4). Give at least one."],
    ["unequal lengths", (m) => m.fit(x, y.slice(1)), "fit: x has 50 samples and y has 49. Their first axes count the same samples."],
    ["weights of another length", (m) => m.fit(x, y, { sampleWeight: [1, 2] }), "fit: x has 50 samples and sampleWeight has 2. Their first axes count the same samples."],
    ["a weight matrix", (m) => m.fit(x, y, { sampleWeight: gw.ones([50, 2]) }), "fit: sampleWeight is one number a sample, of shape (50,); got (50, 2)."],
    ["NaN in x", (m) => m.fit(x.map((row, i) => (i === 7 ? [1, 2, Number.NaN, 4] : row)), y), "fit: x holds NaN at row 7, column 2. Fill in such values, or drop their rows."],
    ["-Infinity in x of float64", (m) => m.fit(gw.tensor(x.map((row, i) => (i === 49 ? [1e308, -1e308, 0, -Infinity] : row)), { dtype: "float64" }), y), "fit: x holds -Infinity at row 49, column 3."],
    ["infinite weights", (m) => m.fit(x, y, { sampleWeight: y.map((_, i) => (i === 3 ? Infinity : 1)) }), "fit: sampleWeight holds Infinity at row 3."],
    ["a label outside the classes", (m) => m.fit(x, y.map((label, i) => (i === 9 ? 3 : label))), "fit, y: sparseCategoricalCrossentropy: the label in row 9 is 3: expected a whole number from 0 to 2. If the labels count from 1, subtract 1."],
    ["one-hot labels of a sparse loss", (m) => m.fit(x, gw.oneHot(gw.tensor(y, { dtype: "int32" }), 3)), "fit, y: sparseCategoricalCrossentropy: expected class indices of shape (50,) for predictions of 3 classes, got (50, 3). One-hot labels belong to categoricalCrossentropy; y.argMax({ axis: -1 }) turns them into indices."],
    ["no labels", (m) => m.fit(x), "fit: y is missing. The loss compares predictions with labels."],
    ["a batch size of 0", (m) => m.fit(x, y, { batchSize: 0 }), "fit: expected batchSize to be a whole number of at least 1, got 0."],
    ["half an epoch", (m) => m.fit(x, y, { epochs: 0.5 }), "fit: expected epochs to be a whole number of at least 1, got 0.5."],
    ["a negative initial epoch", (m) => m.fit(x, y, { initialEpoch: -1 }), "fit: expected initialEpoch to be a whole number of at least 0, got -1. It counts from 0."],
    ["a seed of 1.5", (m) => m.fit(x, y, { seed: 1.5 }), "fit: expected a seed that is a whole number, got 1.5."],
    ["a split of 1", (m) => m.fit(x, y, { validationSplit: 1 }), "fit: expected a validationSplit between 0 and 1, got 1. 0.1 holds out the last tenth."],
    ["a split that takes all", (m) => m.fit([[1, 2, 3, 4]], [0], { validationSplit: 0.5 }), "fit: a validationSplit of 0.5 leaves 0 of 1 samples to train on. Give validationData instead."],
    ["a split of an iterable", (m) => m.fit(batches(), { validationSplit: 0.5 }), "fit: validationSplit needs arrays, got an iterable. Give validationData."],
    ["a batch size for an iterable", (m) => m.fit(batches(), { batchSize: 5 }), "fit: batchSize needs arrays, got an iterable. Its batches are taken as they come."],
    ["bad validation data", (m) => m.fit(x, y, { validationData: [x, y.map(() => 5)] }), "fit, validationData, y: sparseCategoricalCrossentropy: the label in row 0 is 5:"],
    ["validation data without labels", (m) => m.fit(x, y, { validationData: [x] as never }), "fit, validationData: expected [x, y] or [x, y, sampleWeight]."],
    ["an option that there is not", (m) => m.fit(x, y, { batch_size: 32 } as never), 'fit: unknown option "batch_size". The options are epochs, batchSize,'],
    ["class weights by name", (m) => m.fit(x, y, { classWeight: { cat: 1 } as never }), 'fit: classWeight gives 1 for "cat". Give each class, from 0, a number of at least 0: { 0: 1, 1: 5 }.'],
    ["a negative class weight", (m) => m.fit(x, y, { classWeight: { 1: -1 } }), 'fit: classWeight gives -1 for "1".'],
    ["too few axes", (m) => m.fit(Float32Array.from(y), y), 'dense "dense": expected an input of rank >= 2, got shape (null,). Give [batch, features]: x.reshape([-1, 1]) makes one feature of each sample.'],
    ["a ragged list", (m) => m.fit([[1, 2, 3, 4], [1]], [0, 1]), "fit, x: tensor: ragged list: the value at [1] has 1 values, but [0] has 4 values."],
    ["words", (m) => m.fit([["a"]] as never, y), 'fit, x: tensor: the value at [0][0] is "a". Use nested arrays of numbers or booleans, or a typed array.'],
    ["a key", (m) => m.fit(gw.random.key(1) as never, [0, 1]), 'fit: x is uint32, which is for random keys. Cast it: x.cast("float32").'],
    ["a number", (m) => m.fit(5, 5), "fit: x is a single number. Its first axis counts samples: [[1]] is one sample."],
    ["batches that are none", (m) => m.fit([1, 2][Symbol.iterator]() as never), "fit: batch 0 is no { x, y, sampleWeight? }. Yield an object for each batch."],
    ["a function of nothing", (m) => m.fit((() => 3) as never), "fit: expected a function that makes an iterable of { x, y }, got one that returns number."],
    ["no batches", (m) => m.fit(new Set<SampleBatch>()), "fit: the iterable gave no batches. Give at least one { x, y }."],
  ]; // biome-ignore format: a case a line

  it.each(cases)("%s", async (_, fit, message) => {
    const model = newModel();
    const error = await fit(model).then(
      () => new Error("nothing was thrown"),
      (thrown: unknown) => thrown as Error,
    );
    expect(error.message).toContain(message);
    expect(error).toBeInstanceOf(gw.GradwiseError);
    await model.fit(x, y, { verbose: 0 }); // the model is as good as new
  });

  it("class indices of a loss for one-hot labels", async () => {
    const { layers, sequential } = gw;
    const model = sequential([layers.dense({ units: 3, activation: "softmax" })]).compile({
      loss: "categoricalCrossentropy",
    });
    await expect(model.fit(x, y)).rejects.toThrow(
      "fit, y: categoricalCrossentropy: expected labels of shape (50, 3), as the predictions, got (50,). For class indices, use sparseCategoricalCrossentropy, or oneHot(labels, classes).",
    );
  });

  it("class weights of labels that are no single class", async () => {
    const { layers, sequential } = gw;
    const model = sequential([layers.dense({ units: 3 })]).compile({ loss: "mse" });
    const fit = model.fit(gw.ones([5, 2, 4]), gw.ones([5, 2, 3]), { classWeight: { 0: 2 } });
    await expect(fit).rejects.toThrow(
      "fit: classWeight needs one class a sample, got labels of shape (5, 2, 3). Give sampleWeight instead.",
    );
  });
});

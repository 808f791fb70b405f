import process from "node:process";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { freshGradwise, type Gradwise } from "../../test/support/fresh-gradwise.ts";
import { smallData } from "../../test/support/small-data.ts";
import type { Model } from "./model.ts";
import type { SampleBatch } from "./stream.ts";

const { x, y } = smallData(50);
let gw: Gradwise;
beforeAll(async () => {
  gw = await freshGradwise({ shared: true });
});
afterEach(() => vi.restoreAllMocks());

function newModel({ dropout = 0, library = gw }: { dropout?: number; library?: Gradwise } = {}): Model {
  const { layers, losses, optimizers, sequential } = library;
  const list = [
    layers.dense({ units: 6, activation: "tanh" }),
    layers.dropout({ rate: dropout }),
    layers.dense({ units: 3 }),
  ];
  return sequential(list, { seed: 11 }).compile({
    optimizer: optimizers.adam({ learningRate: 0.02 }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ["accuracy"],
  });
}

function bits(model: Model): number[] {
  return model.getWeights().flatMap((weight) => [...(weight.dataSync() as Float32Array)]);
}

/** What batches of 16, in order, make of the model. */
function* batches(size = 16): Generator<SampleBatch> {
  for (let i = 0; i < x.length; i += size) yield { x: x.slice(i, i + size), y: y.slice(i, i + size) };
}
async function* slowBatches(): AsyncGenerator<SampleBatch> {
  for (const batch of batches()) {
    await new Promise((done) => setTimeout(done, 1));
    yield batch;
  }
}

describe("data of every form train the same", () => {
  const options = { batchSize: 16, shuffle: false, verbose: 0 } as const;
  let want: { weights: number[]; loss: readonly number[] };
  beforeAll(async () => {
    const model = newModel();
    const { history } = await model.fit(x, y, options);
    want = { weights: bits(model), loss: history.loss };
  });
  const expectSame = async (fit: (model: Model) => Promise<{ history: { loss: number[] } }>): Promise<void> => {
    const model = newModel();
    const { history } = await fit(model);
    expect(bits(model)).toEqual(want.weights);
    expect(history.loss).toEqual(want.loss);
  };

  it("tensors, of other dtypes too", () =>
    expectSame((m) => m.fit(gw.tensor(x), gw.tensor(y, { dtype: "int32" }), options)));
  it("typed arrays", () => expectSame((m) => m.fit(gw.tensor(x), Int32Array.from(y), options)));
  it("a tensor of labels with an axis of size 1", () =>
    expectSame((m) =>
      m.fit(
        x,
        y.map((label) => [label]),
        options,
      ),
    ));
  it("a list of batches", () => expectSame((m) => m.fit([...batches()], { verbose: 0 })));
  it("a generator", () => expectSame((m) => m.fit(batches(), { verbose: 0 })));
  it("a generator function", () => expectSame((m) => m.fit(() => batches(), { verbose: 0 })));
  it("an asynchronous generator", () => expectSame((m) => m.fit(slowBatches(), { verbose: 0 })));
  it("a function of an asynchronous generator", () => expectSame((m) => m.fit(slowBatches, { verbose: 0 })));
  it("a batch size above the number of samples is all of them", async () => {
    const [all, more] = [newModel(), newModel()];
    await all.fit(x, y, { ...options, batchSize: 50 });
    await more.fit(x, y, { ...options, batchSize: 1000 });
    expect(bits(more)).toEqual(bits(all));
  });

  it("sample weights come with each batch", async () => {
    const weight = y.map((_, i) => (i % 5) / 2);
    const [arrays, stream] = [newModel(), newModel()];
    await arrays.fit(x, y, { ...options, sampleWeight: weight });
    await stream.fit(
      [...batches()].map((batch, i) => ({ ...batch, sampleWeight: weight.slice(16 * i, 16 * i + 16) })),
      { verbose: 0 },
    );
    expect(bits(stream)).toEqual(bits(arrays));
    expect(bits(arrays)).not.toEqual(want.weights);
  });

  it("walks a list or a function's generator once an epoch, a generator once", async () => {
    const [arrays, list, again] = [newModel(), newModel(), newModel()];
    await arrays.fit(x, y, { ...options, epochs: 3 });
    await list.fit([...batches()], { epochs: 3, verbose: 0 });
    await again.fit(() => batches(), { epochs: 3, verbose: 0 });
    expect(bits(list)).toEqual(bits(arrays));
    expect(bits(again)).toEqual(bits(arrays));
    await expect(newModel().fit(batches(), { epochs: 2, verbose: 0 })).rejects.toThrow(
      "fit: the iterable gave no batches in epoch 2: it can be walked only once. Pass a function that makes it anew.",
    );
  });

  it("closes a generator that it leaves early", async () => {
    let closed = 0;
    const controller = new AbortController();
    function* endless(): Generator<SampleBatch> {
      try {
        for (let i = 0; ; i++) {
          if (i === 3) controller.abort();
          yield { x, y };
        }
      } finally {
        closed++;
      }
    }
    const { stopped } = await newModel().fit(endless(), { signal: controller.signal, verbose: 0 });
    expect(stopped).toBe("aborted");
    expect(closed).toBe(1);
    function* broken(): Generator<SampleBatch> {
      try {
        yield { x, y };
        yield { x: [[1, 2, 3, Number.NaN]], y: [0] };
      } finally {
        closed++;
      }
    }
    await expect(newModel().fit(broken, { verbose: 0 })).rejects.toThrow(
      "fit, batch 1: x holds NaN at row 0, column 3.",
    );
    expect(closed).toBe(2);
  });
});

describe("validation", () => {
  it("holds out the last part before shuffling, and evaluates it after each epoch", async () => {
    const [split, given] = [newModel(), newModel()];
    const options = { epochs: 3, batchSize: 8, seed: 3, verbose: 0 } as const;
    const a = await split.fit(x, y, { ...options, validationSplit: 0.2 });
    const b = await given.fit(x.slice(0, 40), y.slice(0, 40), {
      ...options,
      validationData: [x.slice(40), y.slice(40)],
    });
    expect(a.history).toEqual(b.history);
    expect(Object.keys(a.history)).toEqual(["loss", "accuracy", "val_loss", "val_accuracy"]);
    const { loss } = await split.evaluate(x.slice(40), y.slice(40));
    expect(a.history.val_loss?.[2]).toBe(loss);
  });

  it("of the training data's shape does not take its place", async () => {
    const [with_, without] = [newModel(), newModel()];
    const options = { epochs: 4, batchSize: 8, seed: 3, verbose: 0 } as const;
    await with_.fit(x, y, { ...options, validationSplit: 0.5 });
    await without.fit(x.slice(0, 25), y.slice(0, 25), options);
    expect(bits(with_)).toEqual(bits(without));
  });

  it("on the training data themselves leaves their order alone", async () => {
    const [tx, ty] = [gw.tensor(x), gw.tensor(y)];
    const [with_, without] = [newModel(), newModel()];
    const options = { epochs: 3, batchSize: 8, seed: 3, verbose: 0 } as const;
    await with_.fit(tx, ty, { ...options, validationData: [tx, ty] });
    await without.fit(tx, ty, options);
    expect(bits(with_)).toEqual(bits(without));
  });

  it("weighs by its own weights alone", async () => {
    const held = [x.slice(40), y.slice(40)] as const;
    const losses = await Promise.all(
      [undefined, Array<number>(10).fill(2)].map(async (weight) => {
        const model = newModel();
        const validationData = weight === undefined ? held : ([...held, weight] as const);
        const { history } = await model.fit(x, y, { seed: 3, verbose: 0, classWeight: { 0: 3 }, validationData });
        return history.val_loss?.[0] ?? 0;
      }),
    );
    expect(losses[1]).toBeCloseTo(2 * (losses[0] ?? 0), 12);
  });
});

describe("order and seeds", () => {
  const options = { epochs: 3, batchSize: 8, verbose: 0 } as const;
  const trained = async (more: object, model = newModel({ dropout: 0.3 })): Promise<number[]> => {
    await model.fit(x, y, { ...options, ...more });
    return bits(model);
  };

  it("gives the same bits for the same seed, others for others, in order without shuffling", async () => {
    const one = await trained({ seed: 1 });
    expect(await trained({ seed: 1 })).toEqual(one);
    expect(await trained({ seed: 2 })).not.toEqual(one);
    expect(await trained({ seed: 1, shuffle: false })).not.toEqual(one);
  });

  it("records the seed it drew", async () => {
    const [a, b] = [newModel(), newModel()];
    const { seed } = await a.fit(x, y, options);
    await b.fit(x, y, { ...options, seed });
    expect(bits(b)).toEqual(bits(a));
  });

  it("follows random.seed where no seed is given", async () => {
    const runs: number[][] = [];
    for (const seed of [5, 5, 6]) {
      gw.random.seed(seed);
      runs.push(await trained({}));
    }
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).not.toEqual(runs[0]);
  });

  it("goes on at initialEpoch as one fit would", async () => {
    const [once, twice] = [newModel({ dropout: 0.3 }), newModel({ dropout: 0.3 })];
    const whole = await once.fit(x, y, { epochs: 4, seed: 8, verbose: 0 });
    await twice.fit(x, y, { epochs: 2, seed: 8, verbose: 0 });
    const rest = await twice.fit(x, y, { epochs: 4, initialEpoch: 2, seed: 8, verbose: 0 });
    expect(bits(twice)).toEqual(bits(once));
    expect(rest.epoch).toEqual([2, 3]);
    expect(rest.history.loss).toEqual(whole.history.loss.slice(2));
  });

  it("gives the same bits on shared and unshared memory", async () => {
    const unshared = await freshGradwise({ shared: false });
    const model = newModel({ dropout: 0.3, library: unshared });
    await model.fit(x, y, { ...options, seed: 1, validationSplit: 0.2 });
    const here = newModel({ dropout: 0.3 });
    await here.fit(x, y, { ...options, seed: 1, validationSplit: 0.2 });
    expect(bits(model)).toEqual(bits(here));
  });
});

describe("stopping", () => {
  it("by the signal comes after the step that runs, and keeps what was learned", async () => {
    const model = newModel();
    model.build([null, 4]);
    const before = bits(model);
    const controller = new AbortController();
    const started = performance.now();
    setTimeout(() => controller.abort(), 300);
    const history = await model.fit(x, y, { epochs: 1e6, signal: controller.signal, verbose: 0, validationSplit: 0.2 });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(history.stopped).toBe("aborted");
    expect(history.epoch.length).toBeGreaterThan(0);
    expect(bits(model)).not.toEqual(before);
    for (const values of Object.values(history.history)) {
      for (const value of values as number[]) expect(Number.isFinite(value)).toBe(true);
    }
    expect((await model.fit(x, y, { verbose: 0 })).stopped).toBe(null);
  });

  it("before the first step trains nothing", async () => {
    const model = newModel();
    model.build([null, 4]);
    const before = bits(model);
    const history = await model.fit(x, y, { epochs: 5, signal: AbortSignal.abort(), verbose: 0 });
    expect([history.stopped, history.epoch, history.history.loss]).toEqual(["aborted", [], []]);
    expect(bits(model)).toEqual(before);
  });

  it("leaves the event loop its turns", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 600);
    await newModel().fit(x, y, { epochs: 1e6, signal: controller.signal, verbose: 0 });
    clearInterval(timer);
    // Every 40 ms or so, on a machine that may be busy with other tests.
    expect(ticks).toBeGreaterThanOrEqual(4);
  });
});

describe("a loss that is no number", () => {
  it("is reported once, with epoch and batch, and training goes on", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const { layers, optimizers, sequential } = gw;
    const model = sequential([layers.dense({ units: 1 })], { seed: 1 }).compile({
      optimizer: optimizers.sgd({ learningRate: 1e12 }),
      loss: "mse",
    });
    const history = await model.fit(x, y, { epochs: 3, batchSize: 10, shuffle: false, verbose: 0 });
    expect(history.nonFinite).toEqual({ epoch: 0, batch: 2 });
    expect(warn.mock.calls).toEqual([
      [
        "fit: the loss is not a finite number since epoch 1, batch 3. " +
          "Lower the learning rate (now 1000000000000), scale the inputs, or clip gradients (clipNorm: 1).",
      ],
    ]);
    expect(history.epoch).toEqual([0, 1, 2]);
  });

  it("is not reported of a fit without one, after a fit with one", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const model = newModel();
    await model.fit(x, y, { verbose: 0 });
    const weights = model.getWeights();
    model.setWeights(weights.map((w) => w.mul(Number.NaN)));
    expect((await model.fit(x, y, { verbose: 0 })).nonFinite).toEqual({ epoch: 0, batch: 0 });
    model.setWeights(weights);
    model.compile({ optimizer: "sgd", loss: model.trainer?.loss ?? "mse" });
    expect((await model.fit(x, y, { verbose: 0 })).nonFinite).toBe(null);
    expect(warn).toHaveBeenCalledTimes(1);
  });
});

it("prints as Keras does", async () => {
  let text = "";
  vi.spyOn(process.stdout, "write").mockImplementation((part) => {
    text += part;
    return true;
  });
  const model = newModel();
  await model.fit(x, y, { epochs: 2, batchSize: 16, verbose: 2, validationSplit: 0.2, seed: 1 });
  await model.fit(() => batches(), { verbose: 2 });
  const numbers = text.replace(/[\d.]+(e-\d+)?(us|ms|s)/g, "_").replace(/\d\.\d{4}/g, "#");
  expect(numbers.split("\n")).toEqual([
    "Epoch 1/2",
    "3/3 - _ - _/step - loss: # - accuracy: # - val_loss: # - val_accuracy: #",
    "Epoch 2/2",
    "3/3 - _ - _/step - loss: # - accuracy: # - val_loss: # - val_accuracy: #",
    "Epoch 1/1",
    "4 - _ - _/step - loss: # - accuracy: #",
    "",
  ]);
  text = "";
  await model.fit(x, y, { verbose: 0 });
  expect(text).toBe("");
});

describe("bad input", () => {
  const cases: [what: string, fit: (model: Model) => Promise<unknown>, message: string][] = [
    ["no samples", (m) => m.fit(gw.zeros([0, 4]), gw.zeros([0])), "fit: x holds no samples; its shape is (0, 4). Give at least one."],
    ["unequal lengths", (m) => m.fit(x, y.slice(1)), "fit: x has 50 samples and y has 49. Their first axes count the same samples."],
    ["weights of another length", (m) => m.fit(x, y, { sampleWeight: [1, 2] }), "fit: x has 50 samples and sampleWeight has 2. Their first axes count the same samples."],
    ["a weight matrix", (m) => m.fit(x, y, { sampleWeight: gw.ones([50, 2]) }), "fit: sampleWeight is one number a sample, of shape (50,); got (50, 2)."],
    ["NaN in x", (m) => m.fit(x.map((row, i) => (i === 7 ? [1, 2, Number.NaN, 4] : row)), y), "fit: x holds NaN at row 7, column 2. Fill in such values, or drop their rows."],
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

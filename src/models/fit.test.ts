import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { capturePrinted } from "../../test/support/capture-printed.ts";
import { freshGradwise, type Gradwise } from "../../test/support/fresh-gradwise.ts";
import { bits, smallData, smallModel } from "../../test/support/small-data.ts";
import type { Model } from "./model.ts";
import type { SampleBatch } from "./stream.ts";

const { x, y } = smallData(50);
let gw: Gradwise;
beforeAll(async () => {
  gw = await freshGradwise({ shared: true });
});
afterEach(() => vi.restoreAllMocks());

function newModel({ dropout = 0, library = gw }: { dropout?: number; library?: Gradwise } = {}): Model {
  return smallModel(library, { dropout });
}

function* batches(): Generator<SampleBatch> {
  for (let i = 0; i < x.length; i += 16) yield { x: x.slice(i, i + 16), y: y.slice(i, i + 16) };
}

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
    const controller = new AbortController();
    const timer = setInterval(() => {
      if (++ticks === 8) controller.abort();
    }, 5);
    // Without turns no timer would ever end this. How far they are apart is measured where nothing else runs, in a page.
    const history = await newModel().fit(x, y, { epochs: 1e6, signal: controller.signal, verbose: 0 });
    clearInterval(timer);
    expect(ticks).toBe(8);
    expect(history.stopped).toBe("aborted");
  });
});

it("leaves no subnormal numbers in the optimizer's state, which are slow", async () => {
  const { layers, optimizers, sequential } = gw;
  const optimizer = optimizers.sgd({ learningRate: 0.1, momentum: 0.5 });
  const model: Model = sequential([layers.dense({ units: 1 })], { seed: 1 });
  model.compile({ optimizer, loss: "mse" });
  await model.trainOnBatch([[1, 2]], [[3]]);
  // Without a gradient the momentum halves in each step: 2^-130 is subnormal.
  for (let i = 0; i < 130; i++) await model.trainOnBatch([[1, 2]], [[3]], { sampleWeight: [0] });
  const state = model.trainer?.state ?? null;
  const slots = state?.optimizerVariables(model.trainableVariables).slice(2) ?? [];
  expect(slots.map((slot) => [...(slot.read().dataSync() as Float32Array)])).toEqual([[0, 0], [0]]);
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
  const printed = capturePrinted();
  const model = newModel();
  await model.fit(x, y, { epochs: 2, batchSize: 16, verbose: 2, validationSplit: 0.2, seed: 1 });
  await model.fit(() => batches(), { verbose: 2 });
  const numbers = printed()
    .replace(/[\d.]+(e-\d+)?(us|ms|s)/g, "_")
    .replace(/\d\.\d{4}/g, "#");
  expect(numbers.split("\n")).toEqual([
    "Epoch 1/2",
    "3/3 - _ - _/step - loss: # - accuracy: # - val_loss: # - val_accuracy: #",
    "Epoch 2/2",
    "3/3 - _ - _/step - loss: # - accuracy: # - val_loss: # - val_accuracy: #",
    "Epoch 1/1",
    "4 - _ - _/step - loss: # - accuracy: #",
    "",
  ]);
  const before = printed();
  await model.fit(x, y, { verbose: 0 });
  expect(printed()).toBe(before);
});

import { beforeAll, describe, expect, it } from "vitest";
import { freshGradwise, type Gradwise } from "../../test/support/fresh-gradwise.ts";
import { bits, smallData, smallModel } from "../../test/support/small-data.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Model } from "./model.ts";

const { x, y } = smallData(40);
let gw: Gradwise;
beforeAll(async () => {
  gw = await freshGradwise({});
});

function newModel(options: { dropout?: number; optimizer?: string } = {}): Model {
  return smallModel(gw, options);
}

function values(t: Tensor): number[] {
  return [...(t.dataSync() as Float32Array)];
}

describe("predict and apply", () => {
  it("give the same bits, whatever the batch size, in one program or op by op", async () => {
    const model = newModel();
    await model.fit(x, y, { epochs: 3, verbose: 0 });
    const applied = model.apply(gw.tensor(x));
    expect([...applied.shape]).toEqual([40, 3]);
    for (const batchSize of [undefined, 1, 7, 40, 1000]) {
      const predicted = await model.predict(x, batchSize === undefined ? {} : { batchSize });
      expect([...predicted.shape]).toEqual([40, 3]);
      expect(values(predicted)).toEqual(values(applied));
    }
  });

  it("leave out dropout; apply with training and a key has it", async () => {
    const model = newModel({ dropout: 0.5 });
    model.build([null, 4]);
    const plain = values(model.apply(gw.tensor(x)));
    expect(values(await model.predict(x))).toEqual(plain);
    const dropped = (seed: number): number[] =>
      values(model.apply(gw.tensor(x), { training: true, key: gw.random.key(seed) }));
    expect(dropped(1)).not.toEqual(plain);
    expect(dropped(1)).toEqual(dropped(1));
    expect(dropped(2)).not.toEqual(dropped(1));
  });

  it("see weights that changed, from programs compiled before", async () => {
    const model = newModel();
    model.build([null, 4]);
    await model.predict(x);
    model.setWeights(model.getWeights().map((w) => w.mul(0)));
    expect(values(await model.predict(x))).toEqual(Array(120).fill(0));
  });

  it("may predict while a fit runs, on several data at once", async () => {
    const [quiet, busy] = [newModel(), newModel()];
    const options = { epochs: 30, seed: 2, verbose: 0 } as const;
    await quiet.fit(x, y, options);
    const controller = new AbortController();
    const running = busy.fit(x, y, { ...options, epochs: 1e6, signal: controller.signal });
    const others = [x, x.map((row) => row.map((v) => v + 1))].map((rows) => busy.predict(rows));
    for (let i = 0; i < 5; i++) {
      const large = await busy.predict(gw.ones([2000 * (i + 1), 4]));
      expect(large.shape[0]).toBe(2000 * (i + 1));
    }
    const [first, second] = await Promise.all(others);
    expect(values(first as Tensor)).not.toEqual(values(second as Tensor));
    controller.abort();
    expect((await running).stopped).toBe("aborted");
    const again = newModel();
    const interrupted = again.fit(x, y, options);
    await again.predict(x);
    await interrupted;
    expect(bits(again)).toEqual(bits(quiet));
  });

  it("of two data sets of one shape, at once, do not mix", async () => {
    const model = newModel();
    model.build([null, 4]);
    const many = [0, 1, 2, 3].map((k) => gw.full([30_000, 4], k));
    const alone: number[][] = [];
    for (const rows of many) alone.push(values(await model.predict(rows, { batchSize: 16 })));
    const together = await Promise.all(many.map((rows) => model.predict(rows, { batchSize: 16 })));
    expect(together.map(values)).toEqual(alone);
  });
});

describe("evaluate", () => {
  it("gives loss and metrics of all samples, whatever the batch size", async () => {
    const model = newModel();
    await model.fit(x, y, { verbose: 0 });
    const once = await model.evaluate(x, y, { batchSize: 40 });
    const byThree = await model.evaluate(x, y, { batchSize: 3 });
    expect(byThree["loss"]).toBeCloseTo(once["loss"] ?? 0, 6);
    expect(byThree["accuracy"]).toBe(once["accuracy"]);
    const logits = model.apply(gw.tensor(x)).arraySync() as number[][];
    const right = logits.filter((row, i) => row.indexOf(Math.max(...row)) === y[i]).length;
    expect(once["accuracy"]).toBe(right / 40);
    const exact = logits.map(
      (row, i) => Math.log(row.reduce((s, v) => s + Math.exp(v), 0)) - (row[y[i] as number] as number),
    );
    expect(once["loss"]).toBeCloseTo(exact.reduce((a, b) => a + b) / 40, 6);
  });

  it("weighs samples in the loss alone, and changes nothing", async () => {
    const model = newModel();
    model.build([null, 4]);
    const before = bits(model);
    const plain = await model.evaluate(x, y);
    const weighted = await model.evaluate(x, y, { sampleWeight: Array(40).fill(3) });
    expect(weighted["loss"]).toBeCloseTo(3 * (plain["loss"] ?? 0), 5);
    expect(weighted["accuracy"]).toBe(plain["accuracy"]);
    expect(bits(model)).toEqual(before);
  });
});

describe("trainOnBatch", () => {
  it("is one step of a fit", async () => {
    const [steps, fit] = [newModel(), newModel()];
    const losses: number[] = [];
    for (let i = 0; i < 3; i++) losses.push((await steps.trainOnBatch(x, y))["loss"] as number);
    const { history } = await fit.fit(x, y, { epochs: 3, batchSize: 40, shuffle: false, verbose: 0 });
    expect(losses).toEqual(history.loss);
    expect(bits(steps)).toEqual(bits(fit));
  });

  it("takes weights, and batches of other sizes", async () => {
    const [one, other] = [newModel(), newModel()];
    await one.trainOnBatch(x, y, { classWeight: { 0: 2 }, sampleWeight: Array(40).fill(0.5) });
    await one.trainOnBatch(x.slice(0, 3), y.slice(0, 3));
    await other.trainOnBatch(x, y, { sampleWeight: y.map((label) => (label === 0 ? 1 : 0.5)) });
    await other.trainOnBatch(x.slice(0, 3), y.slice(0, 3));
    expect(bits(one)).toEqual(bits(other));
  });

  it("drops other values in each step", async () => {
    // With a learning rate of 0 the loss differs by dropout alone.
    const model = newModel({ dropout: 0.5, optimizer: "sgd" });
    if (model.trainer !== null) model.trainer.optimizer.learningRate = 0;
    const losses = new Set<number>();
    for (let i = 0; i < 5; i++) losses.add((await model.trainOnBatch(x, y))["loss"] as number);
    expect(losses.size).toBe(5);
  });
});

describe("weights", () => {
  it("are copies, in Keras's order, and are set all or none", () => {
    const model = newModel();
    model.build([null, 4]);
    const weights = model.getWeights();
    expect(weights.map((w) => [...w.shape])).toEqual([[4, 6], [6], [6, 3], [3]]);
    expect(model.countParams()).toBe(24 + 6 + 18 + 3);
    const before = bits(model);
    model.setWeights(weights.map((w) => w.add(1)));
    expect(weights.flatMap(values)).toEqual(before);
    expect(bits(model)).not.toEqual(before);
    model.setWeights([new Float32Array(24), new Float64Array(6), new Float32Array(18), gw.zeros([3])]);
    expect(new Set(bits(model))).toEqual(new Set([0]));
    expect(() => model.setWeights([gw.ones([4, 6]), gw.ones([6]), gw.ones([3, 6]), gw.ones([3])])).toThrow(
      'sequential "small": weight "kernel": expected shape (6, 3), got (3, 6). Check the order of the weights.',
    );
    expect(() => model.setWeights([])).toThrow('sequential "small": expected 4 weights');
    expect(new Set(bits(model))).toEqual(new Set([0]));
  });

  it("of a layer that two models share are one, and both train it", async () => {
    const { layers, sequential } = gw;
    const shared = layers.dense({ units: 6, activation: "tanh" });
    const [a, b] = [0, 1].map((seed) =>
      sequential([shared, layers.dense({ units: 3 + seed })], { seed }).compile({ loss: "mse" }),
    );
    const kernel = (): number[] => values(shared.getWeights()[0] as Tensor);
    await a?.fit(x, gw.ones([40, 3]), { verbose: 0 });
    const afterA = kernel();
    b?.build([null, 4]);
    expect(values(b?.getWeights()[0] as Tensor)).toEqual(afterA);
    await b?.fit(x, gw.ones([40, 4]), { verbose: 0 });
    expect(kernel()).not.toEqual(afterA);
    expect(values(a?.getWeights()[0] as Tensor)).toEqual(kernel());
    expect(shared.name).toBe("dense");
  });
});

describe("calls at the wrong time", () => {
  const wrong: [what: string, call: (model: Model) => unknown, message: string][] = [
    ["fit before compile", (m) => m.fit(x, y), 'sequential "raw": fit before compile. Call compile({ optimizer, loss }) first.'],
    ["evaluate before compile", (m) => m.evaluate(x, y), 'sequential "raw": evaluate before compile.'],
    ["trainOnBatch before compile", (m) => m.trainOnBatch(x, y), 'sequential "raw": trainOnBatch before compile.'],
    ["predict before build", (m) => m.predict(x), 'sequential "raw": predict before its weights exist. Fit it, load it, or call build([null, features]) first.'],
    ["getWeights before build", (m) => m.getWeights(), 'sequential "raw": getWeights before its weights exist.'],
    ["setWeights before build", (m) => m.setWeights([]), 'sequential "raw": setWeights before its weights exist.'],
    ["countParams before build", (m) => m.countParams(), 'sequential "raw": countParams before its weights exist.'],
    ["no loss", (m) => m.compile({} as never), 'sequential "raw": compile needs a loss.'],
    ["an unknown loss", (m) => m.compile({ loss: "huberr" }), 'unknown loss "huberr". Use "binaryCrossentropy"'],
    ["an unknown optimizer", (m) => m.compile({ optimizer: "adan", loss: "mse" }), 'unknown optimizer "adan". Use "adam"'],
    ["an unknown metric", (m) => m.compile({ loss: "mse", metrics: ["precision"] }), 'unknown metric "precision". Use '],
    ["metrics that are no list", (m) => m.compile({ loss: "mse", metrics: "mse" as never }), 'sequential "raw": compile expected metrics to be a list, got string. Try metrics: ["accuracy"].'],
    ["two metrics of one name", (m) => m.compile({ loss: "mse", metrics: ["mse", "mse"] }), 'sequential "raw": compile got two values called "mse" (the loss is one). Give each metric a name of its own.'],
    ["an unknown activation", () => gw.layers.dense({ units: 3, activation: "rellu" }), 'unknown activation "rellu". Use '],
  ]; // biome-ignore format: a case a line
  it.each(wrong)("%s", async (_, call, message) => {
    const model: Model = gw.sequential([gw.layers.dense({ units: 3 })], { name: "raw" });
    const error = await (async () => call(model))().then(
      () => new Error("nothing was thrown"),
      (thrown: unknown) => thrown as Error,
    );
    expect(error.message).toContain(message);
    expect(error).toBeInstanceOf(gw.GradwiseError);
  });

  it("while a fit runs: another fit, evaluate, trainOnBatch, compile", async () => {
    const model = newModel();
    // However fast the machine is, this fit runs until it is aborted.
    const stop = new AbortController();
    const running = model.fit(x, y, { epochs: 1e7, verbose: 0, signal: stop.signal });
    const advice = "while fit is running. Await it first, or abort it through its signal.";
    await expect(model.fit(x, y)).rejects.toThrow(`sequential "small": fit ${advice}`);
    await expect(model.evaluate(x, y)).rejects.toThrow(`evaluate ${advice}`);
    await expect(model.trainOnBatch(x, y)).rejects.toThrow(`trainOnBatch ${advice}`);
    expect(() => model.compile({ loss: "mse" })).toThrow(`compile ${advice}`);
    stop.abort();
    await running;
    await model.evaluate(x, y);
  });

  it("with the wrong features", async () => {
    const model = newModel();
    model.build([null, 4]);
    const message =
      'sequential "small": expected input of shape (null, 4), got (null, 5). The first axis counts samples.';
    await expect(model.predict(gw.ones([2, 5]))).rejects.toThrow(message);
    await expect(model.fit(gw.ones([2, 5]), [0, 1])).rejects.toThrow(message);
    await expect(model.evaluate(gw.ones([2, 5]), [0, 1])).rejects.toThrow(message);
    expect(() => model.apply(gw.ones([2, 5]))).toThrow(message);
    await expect(model.predict([[1, 2, Number.NaN, 4]])).rejects.toThrow("predict: x holds NaN at row 0, column 2.");
    await expect(model.predict(gw.zeros([0, 4]))).rejects.toThrow("predict: x holds no samples");
    await expect(model.predict(x, { batchSize: 0 })).rejects.toThrow(
      "predict: expected batchSize to be a whole number of at least 1, got 0.",
    );
    await expect(model.evaluate(x, y, { batchSize: -1 })).rejects.toThrow("evaluate: expected batchSize");
  });
});

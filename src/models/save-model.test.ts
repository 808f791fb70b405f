import { beforeAll, describe, expect, it } from "vitest";
import { smallData } from "../../test/support/small-data.ts";
import { type ConfigObject, decodeModel, encodeModel, type SavedModel } from "../formats/config-tree.ts";
import { joinBytes } from "../formats/join-bytes.ts";
import {
  FormatError,
  GradwiseError,
  layers,
  loadModel,
  losses,
  type Model,
  metrics,
  optimizers,
  sequential,
  type Tensor,
  tensor,
} from "../index.ts";

const { x, y } = smallData(40);

const OPTIMIZERS = {
  adam: () => optimizers.adam({ learningRate: 0.013, beta1: 0.85 }),
  amsgrad: () => optimizers.adam({ amsgrad: true, globalClipNorm: 0.5 }),
  momentum: () => optimizers.sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
  sgd: () => optimizers.sgd({ clipValue: 0.1 }),
  rmsprop: () => optimizers.rmsprop({ momentum: 0.3, centered: true }),
};

function newModel(optimizer: keyof typeof OPTIMIZERS = "adam"): Model {
  const list = [
    layers.input({ shape: [2, 2] }),
    layers.flatten(),
    layers.dense({ units: 6, activation: "leakyRelu", kernelInitializer: "heNormal", name: "first layer" }),
    layers.dropout({ rate: 0.2, seed: 4 }),
    layers.reshape({ targetShape: [2, 3] }),
    layers.flatten(),
    layers.dense({ units: 5, useBias: false }),
    layers.activation({ activation: "silu" }),
    layers.dense({ units: 3 }),
  ];
  return sequential(list, { name: "saved", seed: 2 }).compile({
    optimizer: OPTIMIZERS[optimizer](),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ["accuracy", metrics.sparseCategoricalAccuracy({ name: "top" })],
  });
}
const squares: Tensor = tensor(x).reshape([40, 2, 2]);

function bits(model: Model): number[][] {
  return model.getWeights().map((weight) => [...(weight.dataSync() as Float32Array)]);
}

describe("a model saved and loaded", () => {
  it.each(Object.keys(OPTIMIZERS) as (keyof typeof OPTIMIZERS)[])(
    "trains on to the same bits: %s",
    async (optimizer) => {
      const model = newModel(optimizer);
      await model.fit(squares, y, { epochs: 2, batchSize: 16, seed: 1, verbose: 0 });
      if (model.trainer !== null) model.trainer.optimizer.learningRate = 0.007;
      const loaded = await loadModel(await model.toBytes());
      expect(bits(loaded)).toEqual(bits(model));
      expect(loaded.summary()).toBe(model.summary());
      expect(loaded.config).toEqual(model.config);
      expect(loaded.trainer?.optimizer.learningRate).toBe(0.007);
      expect(await loaded.evaluate(squares, y)).toEqual(await model.evaluate(squares, y));
      const options = { epochs: 5, initialEpoch: 2, batchSize: 16, seed: 1, verbose: 0, validationSplit: 0.2 } as const;
      const [a, b] = [await model.fit(squares, y, options), await loaded.fit(squares, y, options)];
      expect(b.history).toEqual(a.history);
      expect(bits(loaded)).toEqual(bits(model));
      expect(await loaded.toBytes()).toEqual(await model.toBytes());
    },
  );

  it("draws on as it would have, in single steps", async () => {
    const model = newModel();
    await model.trainOnBatch(squares, y);
    const loaded = await loadModel(await model.toBytes());
    expect(await loaded.trainOnBatch(squares, y)).toEqual(await model.trainOnBatch(squares, y));
    expect(bits(loaded)).toEqual(bits(model));
  });

  it("remembers what the optimizer knew of weights that were frozen since", async () => {
    const model = newModel();
    await model.fit(squares, y, { verbose: 0, seed: 1 });
    const freeze = (m: Model, isFrozen: boolean): void => {
      for (const layer of m.layers.slice(0, 3)) layer.trainable = !isFrozen;
    };
    freeze(model, true);
    const loaded = await loadModel(await model.toBytes());
    for (const m of [model, loaded]) {
      await m.fit(squares, y, { verbose: 0, seed: 2 });
      freeze(m, false);
      await m.fit(squares, y, { verbose: 0, seed: 3 });
    }
    expect(bits(loaded)).toEqual(bits(model));
  });

  it("comes back without compile, without training and without weights", async () => {
    const plain = sequential([layers.dense({ units: 2 })], { name: "plain" });
    const empty = await loadModel(await plain.toBytes());
    expect([empty.built, empty.trainer, empty.name]).toEqual([false, null, "plain"]);
    plain.build([null, 3]);
    expect(bits(await loadModel(await plain.toBytes()))).toEqual(bits(plain));
    const compiled = plain.compile({ optimizer: "rmsprop", loss: "mse", metrics: ["mae"] });
    const untrained = await loadModel(await compiled.toBytes());
    expect([untrained.trainer?.state, untrained.trainer?.optimizer.className]).toEqual([null, "RMSprop"]);
    await compiled.fit([[1, 2, 3]], [[1, 2]], { verbose: 0 });
    const without = await loadModel(await compiled.toBytes(), { compile: false });
    expect(without.trainer).toBe(null);
    expect(bits(without)).toEqual(bits(compiled));
  });

  it("is a snapshot between two steps while a fit runs", async () => {
    const model = newModel();
    const controller = new AbortController();
    const running = model.fit(squares, y, {
      epochs: 1e6,
      signal: controller.signal,
      seed: 1,
      batchSize: 40,
      shuffle: false,
      verbose: 0,
    });
    let bytes: Uint8Array = new Uint8Array();
    for (let i = 0; i < 3; i++) bytes = await model.toBytes();
    controller.abort();
    await running;
    const loaded = await loadModel(bytes);
    const steps = loaded.trainer?.state?.iterations.read().dataSync()[0] as number;
    expect(steps).toBeGreaterThan(0);
    // The same number of steps, not interrupted, gives the same weights.
    const again = newModel();
    await again.fit(squares, y, { epochs: steps, seed: 1, batchSize: 40, shuffle: false, verbose: 0 });
    expect(bits(loaded)).toEqual(bits(again));
  });
});

describe("paths", () => {
  it("must end in .safetensors", async () => {
    const model = newModel();
    await expect(model.save("digits.keras")).rejects.toThrow(
      'save "digits.keras": the .keras format is not there yet. Use a path that ends in .safetensors.',
    );
    await expect(loadModel("digits.keras")).rejects.toThrow(
      'loadModel "digits.keras": the .keras format is not there yet.',
    );
    await expect(model.save("digits.h5")).rejects.toThrow('save "digits.h5": its ending names no format.');
    await expect(model.save(undefined as never)).rejects.toThrow("save: expected a path, got undefined.");
    await expect(loadModel("digits.h5")).rejects.toThrow(FormatError);
  });
});

describe("the user's own", () => {
  class Double extends layers.Layer {
    override get className(): string {
      return "Double";
    }
    override call(input: Tensor): Tensor {
      return input.mul(2);
    }
  }

  it("layers must be registered to be loaded", async () => {
    const model = sequential([new Double({ name: "twice" }), layers.dense({ units: 2 })]);
    model.build([null, 3]);
    const bytes = await model.toBytes();
    await expect(loadModel(bytes)).rejects.toThrow(/^"bytes": unknown layer class "Double"\./);
    await expect(loadModel(bytes)).rejects.toThrow(FormatError);
    layers.registerLayer("Double", (options: object) => new Double(options));
    expect(bits(await loadModel(bytes))).toEqual(bits(model));
  });

  it("losses are loaded without compile", async () => {
    const model = sequential([layers.dense({ units: 2 })]);
    model.compile({ loss: function ownLoss(a: Tensor, b: Tensor) {
      return a.sub(b).abs();
    } }); // biome-ignore format: a name
    await model.fit([[1, 2]], [[1, 2]], { verbose: 0 });
    const bytes = await model.toBytes();
    await expect(loadModel(bytes)).rejects.toThrow(
      /^"bytes": unknown loss "ownLoss"\. .* Or load without what compile chose: loadModel\(path, \{ compile: false \}\)\.$/,
    );
    expect(bits(await loadModel(bytes, { compile: false }))).toEqual(bits(model));
  });

  it("activations are refused when saving", async () => {
    const own = (input: Tensor): Tensor => input.mul(3);
    const model = sequential([layers.dense({ units: 2, activation: own, inputShape: [2] })]);
    await expect(model.toBytes()).rejects.toThrow('dense "dense": the activation own is none of gradwise\'s');
  });
});

describe("files that lie", () => {
  type Changed = (config: Record<string, unknown>, saved: SavedModel) => Partial<SavedModel> | undefined;
  let good: SavedModel;
  beforeAll(async () => {
    const model = sequential([layers.dense({ units: 4, inputShape: [3] }), layers.dropout({ rate: 0.5 })], {
      name: "m",
    });
    await model
      .compile({ optimizer: "adam", loss: "mse", metrics: ["mae"] })
      .fit([[1, 2, 3]], [[1, 2, 3, 4]], { verbose: 0 });
    good = decodeModel(await model.toBytes(), "good");
  });
  /** The model with its configuration changed; a deep copy, so that cases do not meet. */
  const load = (change: Changed): Promise<Model> => {
    const config = JSON.parse(JSON.stringify(good.config)) as Record<string, unknown>;
    const changed = change(config, good) ?? {};
    return loadModel(
      joinBytes(encodeModel({ config: config as unknown as ConfigObject, arrays: good.arrays, ...changed })),
    );
  };
  type Tree = Record<string, Record<string, Record<string, unknown>[] & Record<string, unknown>>>;
  const tree = (config: Record<string, unknown>): Tree => config as unknown as Tree;
  const layer = (config: Record<string, unknown>, i: number): Record<string, unknown> =>
    tree(config)["config"]?.["layers"]?.[i] as Record<string, unknown>;
  const options = (config: Record<string, unknown>, i: number): Record<string, unknown> =>
    layer(config, i)["config"] as Record<string, unknown>;
  const compiled = (config: Record<string, unknown>): Record<string, unknown> =>
    config["compile_config"] as Record<string, unknown>;

  it("are a change away from one that loads", async () => {
    expect((await load(() => undefined)).countParams()).toBe(16);
  });

  const cases: [what: string, change: Changed, message: string][] = [
    ["another class", (c) => void (c["class_name"] = "Functional"), 'a model of class "Functional"; this gradwise reads "Sequential".'],
    ["no list of layers", (c) => void ((c["config"] as Record<string, unknown>)["layers"] = 5), "the model's configuration has no list of layers"],
    ["no name", (c) => void ((c["config"] as Record<string, unknown>)["name"] = 5), "the model's name is 5"],
    ["a layer that is none", (c) => void ((c["config"] as Record<string, unknown>)["layers"] = [5]), "layer 0 of the model has no class_name and config"],
    ["a layer without a name", (c) => void delete options(c, 0)["name"], "layer 0 of the model has no class_name and config"],
    ["an unknown layer", (c) => void (layer(c, 0)["class_name"] = "Lambda"), 'unknown layer class "Lambda"'],
    ["a class that is a method of objects", (c) => void (layer(c, 0)["class_name"] = "toString"), 'unknown layer class "toString"'],
    ["negative units", (c) => void (options(c, 0)["units"] = -4), "expected units to be a whole number"],
    ["huge units", (c) => void (options(c, 0)["units"] = 2 ** 40), "its configuration needs a kernel of shape (3, 1099511627776), the file has one of shape (3, 4)"],
    ["a huge input", (c) => void ((c["build_config"] as Record<string, unknown>)["input_shape"] = [null, 2 ** 40]), "needs a kernel of shape (1099511627776, 4)"],
    ["an input shape of words", (c) => void ((c["build_config"] as Record<string, unknown>)["input_shape"] = [null, "a"]), 'the model\'s input shape is [null,"a"]'],
    ["an option that there is not", (c) => void (options(c, 0)["kernel_regularizer"] = "l2"), 'the option "kernel_regularizer" ("l2") is not supported'],
    ["a dropout of 2", (c) => void (options(c, 1)["rate"] = 2), "expected a rate of at least 0 and below 1, got 2"],
    ["an unknown optimizer", (c) => void (compiled(c)["optimizer"] = { class_name: "Lion", config: {} }), 'unknown optimizer "Lion"'],
    ["no optimizer", (c) => void delete compiled(c)["optimizer"], "the configuration names no optimizer"],
    ["an optimizer that is a number", (c) => void (compiled(c)["optimizer"] = 5), "expected an optimizer or its name, got number"],
    ["no loss", (c) => void delete compiled(c)["loss"], "compile needs a loss"],
    ["metrics that are no list", (c) => void (compiled(c)["metrics"] = { a: 1 }), "compile expected metrics to be a list"],
    ["a state of other weights", (c) => void (compiled(c)["state"] = { weights: [7], key: [0, 0] }), "the training state does not fit the model"],
    ["a state that is a number", (c) => void (compiled(c)["state"] = 5), "the training state does not fit the model"],
    ["a missing array", (_, s) => ({ arrays: s.arrays.slice(1) }), "its configuration needs a kernel of shape (3, 4), the file has none"],
    ["a missing slot", (_, s) => ({ arrays: s.arrays.slice(0, -1) }), 'the array "optimizer/vars/5" is missing, expected float32 of shape (4,)'],
    ["an array too many", (_, s) => ({ arrays: [...s.arrays, { ...(s.arrays[0] as SavedModel["arrays"][0]), name: "layers/dense_7/vars/0" }] }), 'the array "layers/dense_7/vars/0" belongs to no weight'],
    ["an array of another dtype", (_, s) => ({ arrays: s.arrays.map((a, i) => (i === 1 ? { ...a, dtype: "int32", data: new Int32Array(4) } : a)) as SavedModel["arrays"] }), '"layers/dense/vars/1" is int32 of shape (4,), expected float32 of shape (4,)'],
    ["an array of another shape", (_, s) => ({ arrays: s.arrays.map((a, i) => (i === 0 ? { ...a, shape: [4, 3] } : a)) }), '"layers/dense/vars/0" is float32 of shape (4, 3), expected float32 of shape (3, 4)'],
  ]; // biome-ignore format: a case a line
  it.each(cases)("%s", async (_, change, message) => {
    const error = await load(change).then(
      () => new Error("it was loaded"),
      (thrown: unknown) => thrown as Error,
    );
    expect(error.message).toContain(message);
    expect(error.message.startsWith('"bytes": ')).toBe(true);
    expect(error).toBeInstanceOf(FormatError);
  });

  it("that are cut short", async () => {
    const bytes = joinBytes(encodeModel(good));
    for (const end of [0, 7, 100, bytes.length - 1]) {
      const error = await loadModel(bytes.slice(0, end)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(GradwiseError);
    }
  });
});

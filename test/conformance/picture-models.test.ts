import { describe, expect, it } from "vitest";
import "../../src/engine/eager.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import * as layers from "../../src/layers/index.ts";
import { sequential } from "../../src/models/sequential.ts";
import { ones } from "../../src/ops/full.ts";
import { tensor } from "../../src/ops/tensor.ts";
import { sample } from "../support/expect-gradients.ts";

const ints = (values: number[][]) => tensor(values, { dtype: "int32" });

/** A network for pictures of 8 by 8: everything that a small convolutional one is made of. */
const network = () =>
  sequential(
    [
      layers.input({ shape: [8, 8, 1] }),
      layers.conv2d({ filters: 4, kernelSize: 3, padding: "same", activation: "relu" }),
      layers.batchNormalization(),
      layers.maxPooling2d(),
      layers.conv2d({ filters: 4, kernelSize: 3 }),
      layers.globalAveragePooling2d(),
      layers.dense({ units: 2 }),
    ],
    { seed: 3 },
  );

describe("networks of pictures", () => {
  it("learn, move their averages, and predict by them in programs as op by op", async () => {
    const net = network();
    net.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const [x, y] = [sample([48, 8, 8, 1]).cast("float32"), sample([48, 2]).cast("float32")];
    const { history } = await net.fit(x, y as never, { epochs: 6, batchSize: 16, verbose: 0, seed: 1 });
    const losses = history["loss"] as number[];
    expect(losses[5]).toBeLessThan(losses[0] as number);
    const averages = net.layers[2]
      ?.getWeights()
      .slice(2)
      .flatMap((w) => [...w.dataSync()]) as number[];
    expect(averages.slice(0, 4).every((mean) => mean > 0)).toBe(true);
    const program = await net.predict(x as never);
    expect([...program.dataSync()]).toEqual([...net.apply(x as never).dataSync()]);
  });

  it("say so when pictures come channels first", () => {
    expect(() => network().apply(ones([32, 1, 8, 8]) as never)).toThrow(
      "got (null, 1, 8, 8). The first axis counts samples. It looks like channels first: use x.transpose([0, 2, 3, 1]).",
    );
    const open = layers.input({ shape: [28, 28, 3], name: "pictures" });
    expect(() => open.apply(ones([2, 3, 28, 28]) as never)).toThrow(
      'input_layer "pictures": expected an input of shape (null, 28, 28, 3), got (2, 3, 28, 28). It looks like channels first: use x.transpose([0, 2, 3, 1]).',
    );
  });
});

/** Says what reaches it. */
class Witness extends layers.Layer {
  static seen: string[] = [];
  readonly #ints: boolean;

  constructor(ints: boolean) {
    super();
    this.#ints = ints;
  }

  override get takesIntegers(): boolean {
    return this.#ints;
  }

  override call(x: Tensor): Tensor {
    Witness.seen.push(x.dtype);
    return x;
  }
}

describe("networks of words", () => {
  it("hand ints on as they are up to the first layer that wants floats", () => {
    const x = ints([[2, 1]]);
    const dtypes = (...takes: boolean[]): string[] => {
      const net = sequential([layers.input({ shape: [2], dtype: "int32" }), ...takes.map((ints) => new Witness(ints))]);
      Witness.seen = [];
      net.apply(x);
      return Witness.seen.slice(-takes.length);
    };
    expect(dtypes(true, true, false)).toEqual(["int32", "int32", "float32"]);
    expect(dtypes(false, true)).toEqual(["float32", "float32"]);
    expect(layers.dense({ units: 1 }).takesIntegers).toBe(false);
  });

  it("look ints up, and floats that are whole", () => {
    const net = sequential([
      layers.input({ shape: [2], dtype: "int32" }),
      layers.embedding({ inputDim: 3, outputDim: 1 }),
    ]);
    net.layers[1]?.setWeights([Float32Array.of(1, 2, 3)]);
    expect(net.apply(ints([[2, 1]])).arraySync()).toEqual([[[3], [2]]]);
    expect(net.apply(tensor([[2, 1]])).arraySync()).toEqual([[[3], [2]]]);
    expect(net.computeOutputShape([null, 2])).toEqual([null, 2, 1]);
  });

  it("refuse words that are not in the book, before anything runs", async () => {
    const net = sequential([layers.embedding({ inputDim: 3, outputDim: 1, name: "words" }), layers.flatten()]);
    net.build([null, 2]);
    net.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const message = 'embedding "words": index 3 (value 3 of 4) is out of range; expected 0 to 2, as inputDim is 3.';
    const [x, y] = [ints([[0, 1], [2, 3]]), ones([2, 2])]; // biome-ignore format: rows
    await expect(net.fit(x, y as never, { epochs: 1 })).rejects.toThrow(message);
    await expect(net.evaluate(x, y as never)).rejects.toThrow(message);
    await expect(net.predict(x)).rejects.toThrow(message);
    await expect(net.trainOnBatch(x, y as never)).rejects.toThrow(message);
    expect((await net.predict(ints([[0, 1]]))).shape).toEqual([1, 2]);
  });
});

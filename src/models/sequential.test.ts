import { describe, expect, it } from "vitest";
import { layers, type Model, random, sequential, type Tensor, zeros } from "../index.ts";

function bits(model: Model): number[] {
  return model.getWeights().flatMap((weight) => [...(weight.dataSync() as Float32Array)]);
}

describe("weights", () => {
  const newModel = (seed?: number): Model =>
    sequential([layers.dense({ units: 3 }), layers.dense({ units: 3 })], seed === undefined ? {} : { seed }).build([
      null,
      3,
    ]);

  it("follow the seed, and differ by layer", () => {
    expect(bits(newModel(1))).toEqual(bits(newModel(1)));
    expect(bits(newModel(1))).not.toEqual(bits(newModel(2)));
    const [first, , second] = newModel(1).getWeights();
    expect(first?.arraySync()).not.toEqual(second?.arraySync());
  });

  it("follow random.seed where there is none", () => {
    const after = (seed: number): number[][] => {
      random.seed(seed);
      return [bits(newModel()), bits(newModel())];
    };
    const [one, two] = after(7);
    expect(one).not.toEqual(two);
    expect(after(7)).toEqual([one, two]);
  });

  it("do not depend on names", () => {
    const named = sequential([layers.dense({ units: 3, name: "a" }), layers.dense({ units: 3, name: "b" })], {
      seed: 1,
    });
    expect(bits(named.build([null, 3]))).toEqual(bits(newModel(1)));
  });

  it("are made at once where the first layer says what it takes, otherwise by build, fit or apply", () => {
    expect(sequential([layers.input({ shape: [2, 2] }), layers.dense({ units: 1 })]).outputShape).toEqual([null, 2, 1]);
    expect(sequential([layers.dense({ units: 1, inputShape: [5] })]).inputShape).toEqual([null, 5]);
    const late = sequential([layers.dense({ units: 4 })]);
    expect([late.built, late.inputShape, late.outputShape]).toEqual([false, null, null]);
    late.apply(zeros([7, 2]));
    expect([late.built, late.inputShape, late.outputShape]).toEqual([true, [null, 2], [null, 4]]);
    expect(late.build([null, 2]).variables.map(({ name }) => name)).toEqual(["kernel", "bias"]);
    expect(late.computeOutputShape([9, 2])).toEqual([9, 4]);
  });
});

describe("names", () => {
  const names = (model: Model): string[] => model.layers.map(({ name }) => name);

  it("that nobody chose are numbered by class", () => {
    const d = (name?: string): layers.Dense => layers.dense({ units: 2, ...(name === undefined ? {} : { name }) });
    expect(names(sequential([d(), layers.flatten(), d(), d("dense_2"), d(), layers.flatten()]))).toEqual([
      "dense",
      "flatten",
      "dense_1",
      "dense_2",
      "dense_3",
      "flatten_1",
    ]);
  });

  it("stay when another model takes the layer", () => {
    const shared = layers.dense({ units: 2 });
    sequential([layers.dense({ units: 2 }), shared]);
    expect(names(sequential([shared, layers.dense({ units: 2 })]))).toEqual(["dense_1", "dense"]);
  });
});

describe("refuses", () => {
  const dense = (): layers.Dense => layers.dense({ units: 2 });
  const twice = dense();
  const cases: [what: string, make: () => unknown, message: string][] = [
    ["what is no list", () => sequential(dense() as never), 'sequential "sequential": expected a list of layers, got object.'],
    ["what is no layer", () => sequential([dense(), 5] as never[]), 'sequential "sequential": item 1 is not a layer. Use layers.dense({ units: 3 }) and the like.'],
    ["a layer twice", () => sequential([twice, twice]), 'dense "dense" is in the list twice, as items 0 and 1. Make a layer for each place.'],
    ["a name twice", () => sequential([layers.dense({ units: 1, name: "a" }), layers.dense({ units: 1, name: "a" })]), 'two layers are called "a". Give each a name of its own.'],
    ["no layers", () => sequential([]).build([null, 2]), 'sequential "sequential": no layers. Give at least one'],
    ["half a seed", () => sequential([dense()], { seed: 0.5 }), 'sequential "sequential": expected a seed that is a whole number, got 0.5.'],
    ["another input", () => sequential([dense()]).build([null, 3]).apply(zeros([5, 4])), 'sequential "sequential": expected input of shape (null, 3), got (null, 4).'],
    ["another rank", () => sequential([dense()]).build([null, 3]).apply(zeros([5, 4, 3])), "expected input of shape (null, 3), got (null, 4, 3)."],
    ["open features", () => sequential([dense()]).build([null, null]), 'dense "dense": expected a known size on the last axis'],
  ]; // biome-ignore format: a case a line
  it.each(cases)("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });

  it("a build that fails can be tried again", () => {
    const model = sequential([dense(), layers.reshape({ targetShape: [3] })] as layers.Layer[]);
    expect(() => model.build([null, 4])).toThrow("reshape");
    expect(model.built).toBe(false);
    const other: Model = sequential([dense()]);
    expect(() => other.build([4])).toThrow("rank");
    expect((other.build([null, 4]).apply(zeros([1, 4])) as Tensor).shape).toEqual([1, 2]);
  });
});

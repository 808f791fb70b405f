import { beforeAll, describe, expect, it } from "vitest";
import { freshGradwise, type Gradwise } from "../../test/support/fresh-gradwise.ts";
import { bits, smallData, smallModel } from "../../test/support/small-data.ts";
import type { Model } from "./model.ts";
import type { SampleBatch } from "./stream.ts";

const { x, y } = smallData(50);
let gw: Gradwise;
beforeAll(async () => {
  gw = await freshGradwise({ shared: true });
});

function newModel(): Model {
  return smallModel(gw);
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
    await expect(
      newModel().fit(
        [
          { x, y },
          { x: [[1, 2, 3, 4]], y: [7] },
        ],
        { verbose: 0 },
      ),
    ).rejects.toThrow(
      "fit, batch 1, y: sparseCategoricalCrossentropy: the label in row 0 is 7: expected a whole number from 0 to",
    );
  });
});

it("finds the one number that is not finite wherever it lies, and takes all that are", async () => {
  const model = gw.sequential([gw.layers.dense({ units: 1 })], { seed: 1 });
  model.build([null, 1]);
  for (const length of [1, 3, 4, 5, 8, 11])
    for (let at = 0; at < length; at++)
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        const values = Array.from({ length }, (_, i) => [i === at ? bad : 3.4e38 * (i % 2 ? 1 : -1)]);
        await expect(model.predict(values)).rejects.toThrow(`x holds ${bad} at row ${at}`);
      }
  await model.predict(Array.from({ length: 9 }, () => [3.4e38]));
});

import { beforeAll, describe, expect, it } from "vitest";
import { isNear } from "../../test/support/compare.ts";
import { expectValues } from "../../test/support/expect-values.ts";
import { type Listed, readGolden, tensorOf } from "../../test/support/golden.ts";
import { type BlockOptions, TransformerBlock } from "../../test/support/transformer-block.ts";
import "../engine/eager.ts";
import { configure } from "../engine/engine.ts";
import * as layers from "../layers/index.ts";
import * as optimizers from "../optimizers/index.ts";
import { loadModel } from "./load-model.ts";
import { sequential } from "./sequential.ts";

beforeAll(() => configure({ shared: false }));

interface Fit {
  readonly tokens: Listed;
  readonly labels: Listed;
  readonly initial: readonly Listed[];
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly final: readonly Listed[];
}
const { fit, versions } = readGolden("keras-attention") as unknown as { fit: Fit; versions: Record<string, string> };

describe("a transformer block", () => {
  const net = () =>
    sequential([
      layers.embedding({ inputDim: 10, outputDim: 8 }),
      new TransformerBlock({ heads: 2, units: 12 }),
      layers.globalAveragePooling1d(),
      layers.dense({ units: 1, activation: "sigmoid" }),
    ]).compile({
      optimizer: optimizers.adamW({ learningRate: 0.01, weightDecay: 0.1 }),
      loss: "binaryCrossentropy",
      metrics: ["accuracy"],
    });
  const options = { batchSize: 8, epochs: 4, shuffle: false, verbose: 0 } as const;

  it(`learns as Keras ${versions["keras"]}'s does, with adamW`, async () => {
    const model = net();
    model.build([null, 6]).setWeights(fit.initial.map((w) => tensorOf(w)));
    const { history } = await model.fit(tensorOf(fit.tokens, "int32"), tensorOf(fit.labels), options);
    for (const name of ["loss", "accuracy"] as const) {
      history[name].forEach((got, i) => {
        const want = fit.history[name][i];
        expect(isNear(got, want, 1e-5, 0), `${name}, epoch ${i}: ${got}, Keras has ${want}`).toBe(true);
      });
    }
    // A key's bias adds the same to all scores of a row: its gradient is rounding alone, which Adam makes large.
    const keyBias = model.layers[1].namedVariables.findIndex(([path]) => path === "attention/key_dense/vars/1") + 1;
    expect(keyBias).toBe(4);
    model.getWeights().forEach((w, i) => {
      if (i !== keyBias) expectValues(w, fit.final[i], 1e-5, `weight ${i}`);
    });
  });

  it("is saved and loaded with its state, and trains on to the same bits", async () => {
    layers.registerLayer("TransformerBlock", (o: BlockOptions) => new TransformerBlock(o), {
      heads: "heads",
      units: "units",
    });
    const model = net();
    const [x, y] = [tensorOf(fit.tokens, "int32"), tensorOf(fit.labels)];
    await model.fit(x, y, { ...options, seed: 1 });
    const again = await loadModel(await model.toBytes());
    expect(again.layers[1]).toBeInstanceOf(TransformerBlock);
    expect(again.getWeights().join()).toBe(model.getWeights().join());
    for (const each of [model, again]) await each.fit(x, y, { ...options, seed: 2 });
    expect(again.getWeights().join()).toBe(model.getWeights().join());
    expect((await again.predict(x)).dataSync()).toEqual((await model.predict(x)).dataSync());
  });

  it("is one row of a summary", () => {
    expect(net().build([null, 6]).summary()).toMatch(/transformer_block[^\n]*\(None, 6, 8\)[^\n]* 532 /);
  });
});

import { describe, expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { FAST_ENGINES, REFERENCE } from "../../test/support/engines.ts";
import { sample } from "../../test/support/expect-gradients.ts";
import type { Tensor } from "../graph/tensor.ts";
import { sequential } from "../models/sequential.ts";
import { ones, zeros } from "../ops/full.ts";
import { key } from "../ops/random.ts";
import { tensor } from "../ops/tensor.ts";
import { dense } from "./dense.ts";
import { simpleRNN } from "./simple-rnn.ts";

testLayer({
  name: "simpleRNN",
  make: (options) => simpleRNN({ units: 4, returnSequences: true, dropout: 0.25, recurrentDropout: 0.5, seed: 3, ...options }),
  shapes: [
    [
      [3, 5, 2],
      [3, 5, 4],
    ],
    [
      [3, 1, 2],
      [3, 1, 4],
    ],
  ],
  weights: [[2, 4], [4, 4], [4]],
  training: () => ({ training: true, key: key(7) }),
}); // biome-ignore format: shapes

const x: Tensor = tensor([[[1], [2], [3]]]);

describe("simpleRNN", () => {
  it("adds what it sees to a share of what it was", () => {
    REFERENCE.use(() => {
      const layer = simpleRNN({ units: 1, activation: "linear" });
      layer.ensureBuilt([null, 3, 1]);
      layer.setWeights([Float32Array.of(1), Float32Array.of(0.5), Float32Array.of(10)]);
      const y = layer.apply(x);
      expect(y.arraySync()).toEqual([[13 + 0.5 * (12 + 0.5 * 11)]]);
    });
  });

  it("leaves rows as they are where the mask is false", () => {
    REFERENCE.use(() => {
      const layer = simpleRNN({ units: 1, activation: "linear", returnSequences: true });
      layer.ensureBuilt([null, 3, 1]);
      layer.setWeights([Float32Array.of(1), Float32Array.of(1), Float32Array.of(0)]);
      const mask = tensor([[true, false, true]]);
      expect(layer.apply(x, { mask }).arraySync()).toEqual([[[1], [1], [4]]]);
    });
  });

  it("starts with a recurrent kernel that neither grows nor shrinks what it carries", () => {
    REFERENCE.use(() => {
      const layer = simpleRNN({ units: 5 });
      layer.ensureBuilt([null, 3, 2], [1, 2]);
      const u = layer.getWeights()[1];
      const length = (v: Tensor): number => Number(v.square().sum());
      const v = sample([1, 5]).cast("float32");
      expect(length(v.matmul(u) as Tensor)).toBeCloseTo(length(v), 5);
    });
  });

  it.each(FAST_ENGINES)("learns to add up a sequence: $name", async ({ use }) => {
    const net = use(() => {
      const model = sequential([simpleRNN({ units: 8 }), dense({ units: 1 })], { seed: 1 });
      return model.compile({ optimizer: "adam", loss: "meanSquaredError" });
    });
    if (FAST_ENGINES[0].use !== use) return; // an engine other than the current one cannot be awaited on
    const data = sample([64, 4, 1]).cast("float32");
    const sums = data.sum({ axis: 1 });
    const { history } = await net.fit(data as never, sums as never, { epochs: 60, batchSize: 16, verbose: 0, seed: 1 });
    const losses = history["loss"] as number[];
    expect(losses[59]).toBeLessThan((losses[0] as number) / 10);
  });

  it("refuses other ranks, sequences of length 0, other features and sizes that are none", () => {
    const layer = simpleRNN({ units: 2, name: "memory" });
    REFERENCE.use(() => {
      expect(() => layer.apply(ones([32, 100]) as Tensor)).toThrow(
        'simple_rnn "memory": expected [batch, steps, features], got (32, 100). Add an axis for the features: x.reshape([32, 100, 1]).',
      );
      expect(() => layer.apply(zeros([32, 0, 3]) as Tensor)).toThrow(
        "expected at least one step, got sequences of length 0",
      );
      layer.apply(ones([1, 4, 3]));
      expect(() => layer.apply(ones([1, 4, 2]) as Tensor)).toThrow("expected 3 features a step, got 2");
      expect(() => layer.apply(ones([1, 4, 3]), { training: true })).not.toThrow();
      expect(() => simpleRNN({ units: 2, dropout: 0.5 }).apply(ones([1, 2, 3]), { training: true })).toThrow(
        "training needs a key",
      );
    });
    expect(() => simpleRNN({ units: 0 })).toThrow("expected units to be a whole number of at least 1, got 0");
    expect(() => simpleRNN({ units: 2, dropout: 1 })).toThrow("expected dropout of at least 0 and below 1, got 1");
  });
});

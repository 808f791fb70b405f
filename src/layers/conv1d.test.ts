import { describe, expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { testShape } from "../../test/support/test-shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones, zeros } from "../ops/full.ts";
import { tensor } from "../ops/tensor.ts";
import { conv1d } from "./conv1d.ts";

testLayer({
  name: "conv1d",
  make: (options) =>
    conv1d({ filters: 4, kernelSize: 3, strides: 2, padding: "causal", groups: 2, activation: "tanh", ...options }),
  shapes: [
    [
      [3, 6, 2],
      [3, 3, 4],
    ],
    [
      [3, 7, 4],
      [3, 4, 4],
    ],
  ],
  weights: [[3, 1, 4], [4]],
});

describe("conv1d", () => {
  it("slides a kernel along the steps", () => {
    REFERENCE.use(() => {
      const layer = conv1d({ filters: 1, kernelSize: 2 });
      layer.ensureBuilt([null, 4, 1]);
      layer.setWeights([Float32Array.of(1, 10), Float32Array.of(100)]);
      const y = layer.apply(tensor([[[1], [2], [3], [4]]]));
      testShape(y, [1, 3, 1]);
      expect([...y.dataSync()]).toEqual([121, 132, 143]);
    });
  });

  it("looks at no later step with causal padding", () => {
    REFERENCE.use(() => {
      const layer = conv1d({
        filters: 1,
        kernelSize: 2,
        dilationRate: 2,
        padding: "causal",
        kernelInitializer: "ones",
      });
      const y = layer.apply(tensor([[[1], [2], [3], [4]]]));
      testShape(y, [1, 4, 1]);
      expect([...y.dataSync()]).toEqual([1, 2, 4, 6]);
    });
  });

  it("refuses other ranks, paddings and steps that are too few", () => {
    const layer = conv1d({ filters: 1, kernelSize: 3, name: "a" });
    REFERENCE.use(() => {
      expect(() => layer.apply(ones([32, 100]) as Tensor)).toThrow(
        'conv1d "a": expected [batch, steps, channels], got (32, 100). Add an axis for the channel: x.reshape([32, 100, 1]).',
      );
      expect(() => layer.apply(ones([1, 2, 1]) as Tensor)).toThrow(
        'conv1d "a": a window of (3,) does not fit into (2,). Use padding: "same", or a smaller window.',
      );
    });
    expect(() => conv1d({ filters: 1, kernelSize: 3, padding: "full" as "same" })).toThrow(
      'conv1d "conv1d": expected padding "valid" or "same" or "causal", got "full".',
    );
  });

  it("refuses sequences of length 0", () => {
    REFERENCE.use(() => {
      expect(() =>
        conv1d({ filters: 1, kernelSize: 3, padding: "same", name: "a" }).apply(zeros([2, 0, 3]) as Tensor),
      ).toThrow(
        'conv1d "a": axis 1 of (2, 0, 3) is empty: there is nothing to look at. Leave such samples out, or pad them to one step or more.',
      );
    });
  });
});

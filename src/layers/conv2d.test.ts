import { describe, expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { testShape } from "../../test/support/test-shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones } from "../ops/full.ts";
import { tensor } from "../ops/tensor.ts";
import type { Sizes } from "../ops/window.ts";
import { conv2d } from "./conv2d.ts";

testLayer({
  name: "conv2d",
  make: (options) =>
    conv2d({
      filters: 3,
      kernelSize: [3, 2],
      padding: "same",
      activation: "tanh",
      biasInitializer: "ones",
      ...options,
    }),
  shapes: [
    [
      [3, 4, 5, 2],
      [3, 4, 5, 3],
    ],
    [
      [3, 2, 2, 1],
      [3, 2, 2, 3],
    ],
  ],
  weights: [[3, 2, 2, 3], [3]],
});

const message = (run: () => unknown): string => {
  try {
    REFERENCE.use(run);
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was thrown";
};

describe("conv2d", () => {
  it("slides a kernel over pictures", () => {
    REFERENCE.use(() => {
      const layer = conv2d({ filters: 1, kernelSize: 2, useBias: false });
      layer.ensureBuilt([null, 2, 3, 1]);
      layer.setWeights([Float32Array.of(1, 10, 100, 1000)]);
      const y = layer.apply(tensor([1, 2, 3, 4, 5, 6]).reshape([1, 2, 3, 1]));
      testShape(y, [1, 1, 2, 1]);
      expect([...y.dataSync()]).toEqual([5421, 6532]);
      expect(layer.variables.map((v) => v.name)).toEqual(["kernel"]);
    });
  });

  it("knows its output with open sizes", () => {
    const layer = conv2d({ filters: 4, kernelSize: 3, strides: 2 });
    expect(layer.computeOutputShape([null, null, 28, 1])).toEqual([null, null, 13, 4]);
    expect(message(() => layer.ensureBuilt([null, 28, 28, null]))).toBe(
      'conv2d "conv2d": expected known channels on the last axis, got shape (null, 28, 28, null).',
    );
  });

  it("says where the channels are when a batch is channels first", () => {
    const make = () => conv2d({ filters: 2, kernelSize: 3, name: "a" });
    expect(message(() => make().apply(ones([32, 3, 32, 32]) as Tensor))).toBe(
      'conv2d "a": (32, 3, 32, 32) looks like channels first (NCHW), expected [batch, height, width, channels]. Use x.transpose([0, 2, 3, 1]); if these pictures are 3 high, say so with dataFormat: "channelsLast".',
    );
    expect(message(() => make().ensureBuilt([null, 1, 28, 28]))).toContain("looks like channels first");
    const meant = conv2d({ filters: 2, kernelSize: 3, dataFormat: "channelsLast" });
    expect(meant.computeOutputShape([null, 3, 32, 32])).toEqual([null, 1, 30, 2]);
    expect(message(() => conv2d({ filters: 1, kernelSize: 1, dataFormat: "channels_first" as "channelsLast" }))).toBe(
      'conv2d "conv2d": expected dataFormat "channelsLast", got "channels_first". Move the channels: x.transpose([0, 2, 3, 1]) makes NHWC of NCHW.',
    );
    const layer = make();
    REFERENCE.use(() => layer.apply(ones([2, 28, 28, 5])));
    expect(message(() => layer.apply(ones([2, 5, 28, 28]) as Tensor))).toBe(
      'conv2d "a": expected 5 channels on the last axis, got 28 in shape (2, 5, 28, 28). Axis 1 has 5: this looks like channels first; use x.transpose([0, 2, 3, 1]). Its weights were made for 5.',
    );
  });

  it("asks for the axis that is missing", () => {
    const layer = conv2d({ filters: 2, kernelSize: 3, name: "a" });
    expect(message(() => layer.apply(ones([64, 28, 28]) as Tensor))).toBe(
      'conv2d "a": expected [batch, height, width, channels], got (64, 28, 28). Add an axis for the channel: x.reshape([64, 28, 28, 1]).',
    );
    expect(message(() => layer.apply(ones([28, 28, 3]) as Tensor))).toContain(
      "Add a batch axis: x.reshape([1, 28, 28, 3]).",
    );
    expect(message(() => layer.computeOutputShape([null, 784]))).toBe(
      'conv2d "a": expected [batch, height, width, channels], got (null, 784).',
    );
  });

  it("refuses kernels larger than the picture, strides of 0, and groups that do not divide", () => {
    expect(message(() => conv2d({ filters: 1, kernelSize: 5, name: "a" }).apply(ones([1, 4, 4, 1]) as Tensor))).toBe(
      'conv2d "a": a window of (5, 5) does not fit into (4, 4). Use padding: "same", or a smaller window.',
    );
    expect(message(() => conv2d({ filters: 1, kernelSize: 3, strides: 0 }))).toBe(
      'conv2d "conv2d": expected strides of whole numbers of at least 1, one for all or one for each of 2 axes, got 0.',
    );
    expect(message(() => conv2d({ filters: 1, kernelSize: [3, 3, 3] as Sizes }))).toContain("expected a kernelSize of");
    expect(message(() => conv2d({ filters: 1, kernelSize: 3, dilationRate: -1 }))).toContain("expected a dilationRate");
    expect(message(() => conv2d({ filters: 0, kernelSize: 3 }))).toBe(
      'conv2d "conv2d": expected filters to be a whole number of at least 1, got 0.',
    );
    expect(message(() => conv2d({ filters: 3, kernelSize: 3, groups: 2 }))).toContain(
      "3 channels do not divide into 2 groups.",
    );
    expect(message(() => conv2d({ filters: 4, kernelSize: 3, groups: 2 }).ensureBuilt([null, 9, 9, 3]))).toBe(
      'conv2d "conv2d": 3 channels do not divide into 2 groups. Use groups that divide 3 channels and 4 filters.',
    );
    expect(message(() => conv2d({ filters: 1, kernelSize: 3, padding: "causal" as "same" }))).toContain(
      'expected padding "valid" or "same", got "causal"',
    );
  });
});

import { describe, expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { testShape } from "../../test/support/test-shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones } from "../ops/full.ts";
import { tensor } from "../ops/tensor.ts";
import { averagePooling2d } from "./average-pooling2d.ts";

testLayer({
  name: "averagePooling2d",
  make: (options) => averagePooling2d({ poolSize: [3, 2], strides: [2, 1], padding: "same", ...options }),
  shapes: [
    [
      [3, 5, 4, 2],
      [3, 3, 4, 2],
    ],
    [
      [3, 2, 2, 1],
      [3, 1, 2, 1],
    ],
  ],
  weights: [],
});

describe("averagePooling2d", () => {
  it("takes windows of 2 side by side unless said", () => {
    REFERENCE.use(() => {
      const y = averagePooling2d().apply(tensor([1, 2, 3, 4, 8, 6, 7, 5, 9]).reshape([1, 3, 3, 1]));
      testShape(y, [1, 1, 1, 1]);
      expect([...y.dataSync()]).toEqual([3.75]);
    });
  });

  it("refuses other ranks, and windows that do not fit or are none", () => {
    const layer = averagePooling2d({ poolSize: 3, name: "a" });
    REFERENCE.use(() => {
      expect(() => layer.apply(ones([32, 28, 28]) as Tensor)).toThrow(
        'average_pooling2d "a": expected [batch, height, width, channels], got (32, 28, 28). Add an axis for the channel: x.reshape([32, 28, 28, 1]).',
      );
      expect(() => layer.apply(ones([1, 2, 2, 1]) as Tensor)).toThrow(
        'average_pooling2d "a": a window of (3, 3) does not fit into (2, 2).',
      );
    });
    expect(() => averagePooling2d({ poolSize: 0 })).toThrow(
      'average_pooling2d "average_pooling2d": expected a poolSize of whole numbers',
    );
    expect(() => averagePooling2d({ strides: 0 })).toThrow("expected strides of whole numbers of at least 1");
    expect(() => averagePooling2d({ padding: "causal" as "same" })).toThrow(
      'expected padding "valid" or "same", got "causal".',
    );
    expect(() => averagePooling2d({ dataFormat: "channels_first" as "channelsLast" })).toThrow(
      'expected dataFormat "channelsLast", got "channels_first"',
    );
  });
});

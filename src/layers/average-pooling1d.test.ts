import { describe, expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { testShape } from "../../test/support/test-shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones, zeros } from "../ops/full.ts";
import { tensor } from "../ops/tensor.ts";
import { averagePooling1d } from "./average-pooling1d.ts";

testLayer({
  name: "averagePooling1d",
  make: (options) => averagePooling1d({ poolSize: 3, strides: 2, padding: "same", ...options }),
  shapes: [
    [
      [3, 7, 2],
      [3, 4, 2],
    ],
    [
      [3, 2, 3],
      [3, 1, 3],
    ],
  ],
  weights: [],
});

describe("averagePooling1d", () => {
  it("takes windows of 2 side by side unless said", () => {
    REFERENCE.use(() => {
      const y = averagePooling1d().apply(tensor([[[1], [3], [2], [5], [4]]]));
      testShape(y, [1, 2, 1]);
      expect([...y.dataSync()]).toEqual([2, 3.5]);
    });
  });

  it("refuses other ranks, and windows that do not fit or are none", () => {
    const layer = averagePooling1d({ poolSize: 3, name: "a" });
    REFERENCE.use(() => {
      expect(() => layer.apply(ones([32, 100]) as Tensor)).toThrow(
        'average_pooling1d "a": expected [batch, steps, channels], got (32, 100). Add an axis for the channel: x.reshape([32, 100, 1]).',
      );
      expect(() => layer.apply(ones([1, 2, 1]) as Tensor)).toThrow(
        'average_pooling1d "a": a window of (3,) does not fit into (2,).',
      );
    });
    expect(() => averagePooling1d({ poolSize: 0 })).toThrow(
      'average_pooling1d "average_pooling1d": expected a poolSize of whole numbers',
    );
    expect(() => averagePooling1d({ strides: 0 })).toThrow("expected strides of whole numbers of at least 1");
    expect(() => averagePooling1d({ padding: "causal" as "same" })).toThrow(
      'expected padding "valid" or "same", got "causal".',
    );
    expect(() => averagePooling1d({ dataFormat: "channels_first" as "channelsLast" })).toThrow(
      'expected dataFormat "channelsLast", got "channels_first"',
    );
  });

  it("refuses sequences of length 0", () => {
    REFERENCE.use(() => {
      expect(() => averagePooling1d({ name: "a" }).apply(zeros([2, 0, 3]) as Tensor)).toThrow(
        'average_pooling1d "a": axis 1 of (2, 0, 3) is empty: there is nothing to look at. Leave such samples out, or pad them to one step or more.',
      );
    });
  });
});

import { describe, expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { testShape } from "../../test/support/test-shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones, zeros } from "../ops/full.ts";
import { tensor } from "../ops/tensor.ts";
import { globalAveragePooling1d } from "./global-average-pooling1d.ts";

testLayer({
  name: "globalAveragePooling1d",
  make: (options) => globalAveragePooling1d(options),
  shapes: [
    [
      [3, 4, 2],
      [3, 2],
    ],
  ],
  weights: [],
});

describe("globalAveragePooling1d", () => {
  it("means each channel, and keeps the axes where asked", () => {
    REFERENCE.use(() => {
      const x = tensor([
        [
          [1, 10],
          [3, 30],
        ],
      ]);
      const y = globalAveragePooling1d().apply(x);
      testShape(y, [1, 2]);
      expect(y.arraySync()).toEqual([[2, 20]]);
      const kept = globalAveragePooling1d({ keepDims: true });
      testShape(kept.apply(x), [1, 1, 2]);
      expect(kept.computeOutputShape([null, null, 3])).toEqual([null, 1, 3]);
    });
  });

  it("refuses other ranks", () => {
    REFERENCE.use(() => {
      expect(() => globalAveragePooling1d({ name: "a" }).apply(ones([2, 5]) as Tensor)).toThrow(
        'global_average_pooling1d "a": expected [batch, steps, channels], got (2, 5). Add an axis for the channel',
      );
    });
    expect(() => globalAveragePooling1d({ dataFormat: "channels_first" as "channelsLast" })).toThrow(
      'expected dataFormat "channelsLast"',
    );
  });

  it("refuses sequences of length 0", () => {
    REFERENCE.use(() => {
      expect(() => globalAveragePooling1d({ name: "a" }).apply(zeros([2, 0, 3]) as Tensor)).toThrow(
        'global_average_pooling1d "a": axis 1 of (2, 0, 3) is empty: there is nothing to look at. Leave such samples out, or pad them to one step or more.',
      );
    });
  });
});

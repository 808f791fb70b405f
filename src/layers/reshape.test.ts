import { expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { testShape } from "../../test/support/test-shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { zeros } from "../ops/full.ts";
import { reshape } from "./reshape.ts";

testLayer({
  name: "reshape",
  make: (options) => reshape({ targetShape: [2, -1], ...options }),
  shapes: [
    [
      [3, 8],
      [3, 2, 4],
    ],
    [
      [3, 1, 6],
      [3, 2, 3],
    ],
  ],
  weights: [],
});

it("knows its shape", () => {
  REFERENCE.use(() => {
    testShape(reshape({ targetShape: [2, 4] }).apply(zeros([3, 8])), [3, 2, 4]);
    testShape(reshape({ targetShape: [] }).apply(zeros([3, 1])), [3]);
  });
});

it("leaves open what is open", () => {
  expect(reshape({ targetShape: [4, -1] }).computeOutputShape([null, null])).toEqual([null, 4, null]);
});

it("says how many values it can take", () => {
  const layer = reshape({ targetShape: [3, 4], name: "a" });
  expect(() => REFERENCE.use(() => layer.apply(zeros([2, 10]) as Tensor))).toThrow(
    'reshape "a": 10 values a sample, of shape (2, 10), do not fill (3, 4): expected 12.',
  );
  expect(() => reshape({ targetShape: [3, -1] }).computeOutputShape([null, 10])).toThrow(
    "do not fill (3, -1): expected a multiple of 3.",
  );
});

it("refuses shapes that are none", () => {
  for (const targetShape of [[-1, -1], [0], [1.5], [-2], "4", undefined]) {
    expect(() => reshape({ targetShape: targetShape as number[] })).toThrow(
      "expected a targetShape of sizes of at least 1, or -1 once, got",
    );
  }
});

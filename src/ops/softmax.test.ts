import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { ShapeError } from "../core/errors.ts";
import { softmax } from "./softmax.ts";
import { tensor } from "./tensor.ts";

beforeAll(() => {
  installReferenceEngine();
});

/** Row by row, in float64, without any shift. */
function plainSoftmax(row: readonly number[]): number[] {
  const powers = row.map(Math.exp);
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / total);
}

const rows = [
  [1, 2, 3],
  [-1, 0.5, 0.25],
];

describe("softmax", () => {
  it("normalizes the last axis", () => {
    const got = softmax(tensor(rows, { dtype: "float64" })).dataSync();
    rows.flatMap(plainSoftmax).forEach((want, i) => {
      expect(got[i]).toBeCloseTo(want, 14);
    });
  });

  it("normalizes any axis", () => {
    const got = softmax(tensor(rows, { dtype: "float64" }), { axis: 0 }).dataSync();
    for (let i = 0; i < 3; i++) {
      const want = plainSoftmax([rows[0][i], rows[1][i]]);
      expect(got[i]).toBeCloseTo(want[0], 14);
      expect(got[i + 3]).toBeCloseTo(want[1], 14);
    }
  });

  it("survives logits that overflow, and masks of -Infinity", () => {
    expect(softmax(tensor([1000, 1000, -1000])).arraySync()).toEqual([0.5, 0.5, 0]);
    expect(softmax(tensor([0, -Infinity])).arraySync()).toEqual([1, 0]);
  });

  it("makes floats of ints, and nothing of nothing", () => {
    expect(softmax(tensor([[0, 0]], { dtype: "int32" })).arraySync()).toEqual([[0.5, 0.5]]);
    expect(softmax(tensor([], { shape: [2, 0] })).shape).toEqual([2, 0]);
  });

  it("names an axis that is not there", () => {
    expect(() => softmax(tensor([1, 2]), { axis: 1 })).toThrow(ShapeError);
    expect(() => softmax(tensor(1))).toThrow("softmax: axis -1 is out of range; a scalar has no axes.");
  });
});

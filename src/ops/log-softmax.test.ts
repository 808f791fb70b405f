import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { logSoftmax } from "./log-softmax.ts";
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

describe("logSoftmax", () => {
  it("is the logarithm of softmax", () => {
    const got = logSoftmax(tensor(rows, { dtype: "float64" })).dataSync();
    rows.flatMap(plainSoftmax).forEach((want, i) => {
      expect(got[i]).toBeCloseTo(Math.log(want), 14);
    });
  });

  it("stays finite where softmax underflows", () => {
    expect(logSoftmax(tensor([0, -1000])).arraySync()).toEqual([0, -1000]);
    expect(logSoftmax(tensor([1e4, 0, 0])).arraySync()).toEqual([0, -1e4, -1e4]);
  });
});

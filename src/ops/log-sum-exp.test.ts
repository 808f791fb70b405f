import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { logSumExp, tensor, zeros } from "./index.ts";

installReferenceEngine();

const log = (...xs: number[]) => Math.log(xs.map(Math.exp).reduce((a, b) => a + b));

describe("logSumExp", () => {
  it.each([
    [undefined, false, log(1, 2, 3, 4)],
    [0, false, [log(1, 3), log(2, 4)]],
    [1, true, [[log(1, 2)], [log(3, 4)]]],
  ])("over axis %j, keepDims %j", (axis, keepDims, expected) => {
    const x = tensor([[1, 2], [3, 4]], { dtype: "float64" }); // biome-ignore format: a matrix
    const got = logSumExp(x, { axis, keepDims });
    expect(got.shape).toEqual(tensor(expected).shape);
    for (const [i, value] of tensor(expected, { dtype: "float64" }).dataSync().entries()) {
      expect(got.dataSync()[i]).toBeCloseTo(value, 12);
    }
  });

  it("neither overflows nor underflows", () => {
    expect(logSumExp(tensor([1000, 1000])).arraySync()).toBeCloseTo(1000 + Math.LN2, 3);
    expect(logSumExp(tensor([-1000, -1000])).arraySync()).toBeCloseTo(-1000 + Math.LN2, 3);
  });

  it("takes infinities and NaN as the limit does", () => {
    const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
    const x = tensor([[-inf, -inf], [-inf, 3], [inf, 3], [inf, -inf], [nan, 1]]); // biome-ignore format: rows
    expect(x.logSumExp({ axis: 1 }).arraySync()).toEqual([-inf, 3, inf, inf, nan]);
  });

  it("refuses nothing", () => {
    expect(() => logSumExp(zeros([0]))).toThrow("logSumExp: no values to choose from");
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => logSumExp(x, { axis: 1 }), [sample([2, 3])]);
  });
});

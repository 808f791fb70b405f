import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { sum, tensor, zeros } from "./index.ts";

installReferenceEngine();

const matrix = [
  [1, 2, 3],
  [4, 5, 6],
];

describe("sum", () => {
  it.each([
    [undefined, false, 21],
    [undefined, true, [[21]]],
    [0, false, [5, 7, 9]],
    [-1, false, [6, 15]],
    [1, true, [[6], [15]]],
    [[0, 1], false, 21],
    [[], false, matrix],
  ])("over axis %j, keepDims %j", (axis, keepDims, expected) => {
    expect(sum(tensor(matrix), { axis, keepDims }).arraySync()).toEqual(expected);
    expect(tensor(matrix).sum({ axis, keepDims }).arraySync()).toEqual(expected);
  });

  it("takes runs of axes that are not neighbours", () => {
    const x = tensor(Float32Array.from({ length: 24 }, (_, i) => i)).reshape([2, 3, 4]);
    expect(sum(x, { axis: [0, 2] }).arraySync()).toEqual([60, 92, 124]);
    expect(sum(x, { axis: [-1, 0], keepDims: true }).arraySync()).toEqual([[[60], [92], [124]]]);
  });

  it("counts bools and uint8 in int32", () => {
    const counted = sum(tensor([true, false, true]));
    expect([counted.arraySync(), counted.dtype]).toEqual([2, "int32"]);
    const pixels = sum(tensor(Uint8Array.of(200, 100)));
    expect([pixels.arraySync(), pixels.dtype]).toEqual([300, "int32"]);
  });

  it("is 0 of nothing, and NaN with a NaN", () => {
    expect(sum(zeros([0, 2]), { axis: 0 }).arraySync()).toEqual([0, 0]);
    expect(sum(tensor([1, Number.NaN])).arraySync()).toBeNaN();
  });

  it("refuses axes that are not there, twice the same axis, and keys", () => {
    const x: Tensor = tensor(matrix);
    expect(() => sum(x, { axis: 2 })).toThrow("sum: axis 2 is out of range; expected -2 to 1 for rank 2.");
    expect(() => sum(x, { axis: [0, -2] })).toThrow("name one axis twice");
    expect(() => sum(tensor(Uint32Array.of(1, 2)))).toThrow("sum: expected numbers, got uint32");
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => sum(x.mul(x), { axis: [0, 2] }), [sample([2, 3, 2])]);
    expectGradients((x) => sum(x.mul(x), { axis: 1, keepDims: true }), [sample([2, 3, 2])]);
  });
});

import { describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { all, tensor, zeros } from "./index.ts";

installReferenceEngine();

describe("all", () => {
  it.each([
    [undefined, false, false],
    [0, false, [true, false, false]],
    [1, true, [[false], [false]]],
  ])("over axis %j, keepDims %j", (axis, keepDims, expected) => {
    const x = tensor([
      [true, true, false],
      [true, false, false],
    ]);
    expect(all(x, { axis, keepDims }).arraySync()).toEqual(expected);
    expect(x.all({ axis, keepDims }).arraySync()).toEqual(expected);
  });

  it("takes numbers: all but 0 are true, NaN too", () => {
    expect(
      all(
        tensor([
          [0, 0.5],
          [Number.NaN, 1],
          [0, -0],
        ]),
        { axis: 1 },
      ).arraySync(),
    ).toEqual([false, true, false]);
  });

  it("is true of nothing", () => {
    expect(all(zeros([0])).arraySync()).toBe(true);
  });
});

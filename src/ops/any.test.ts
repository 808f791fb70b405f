import { describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { any, tensor, zeros } from "./index.ts";

installReferenceEngine();

describe("any", () => {
  it.each([
    [undefined, false, true],
    [0, false, [true, true, false]],
    [1, true, [[true], [true]]],
  ])("over axis %j, keepDims %j", (axis, keepDims, expected) => {
    const x = tensor([
      [true, true, false],
      [true, false, false],
    ]);
    expect(any(x, { axis, keepDims }).arraySync()).toEqual(expected);
    expect(x.any({ axis, keepDims }).arraySync()).toEqual(expected);
  });

  it("takes numbers: all but 0 are true, NaN too", () => {
    expect(
      any(
        tensor([
          [0, 0.5],
          [Number.NaN, 1],
          [0, -0],
        ]),
        { axis: 1 },
      ).arraySync(),
    ).toEqual([true, true, false]);
  });

  it("is false of nothing", () => {
    expect(any(zeros([0])).arraySync()).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { squeeze, zeros } from "./index.ts";

installReferenceEngine();

describe("squeeze", () => {
  it("drops axes of size 1", () => {
    const x = zeros([1, 3, 1]);
    expect(squeeze(x).shape).toEqual([3]);
    expect(x.squeeze({ axis: -1 }).shape).toEqual([1, 3]);
    expect(x.squeeze({ axis: [0, 2] }).shape).toEqual([3]);
  });

  it("refuses a wider axis", () => {
    expect(() => squeeze(zeros([2, 1]), { axis: 0 })).toThrow(
      "squeeze: axis 0 of shape (2, 1) has size 2, expected 1.",
    );
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => squeeze(x.mul(x)), [sample([1, 3])]);
  });
});

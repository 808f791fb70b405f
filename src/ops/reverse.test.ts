import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { reverse, tensor } from "./index.ts";

installReferenceEngine();

describe("reverse", () => {
  it("turns axes round", () => {
    const x = tensor([[1, 2, 3], [4, 5, 6]]); // biome-ignore format: rows
    expect(reverse(x).arraySync()).toEqual([[6, 5, 4], [3, 2, 1]]); // biome-ignore format: rows
    expect(x.reverse({ axis: 1 }).arraySync()).toEqual([[3, 2, 1], [6, 5, 4]]); // biome-ignore format: rows
    expect(x.reverse({ axis: [-2] }).arraySync()).toEqual([[4, 5, 6], [1, 2, 3]]); // biome-ignore format: rows
    expect(() => x.reverse({ axis: 2 })).toThrow("reverse: axis 2 is out of range");
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => reverse(x.mul(x), { axis: 0 }), [sample([3, 2])]);
  });
});

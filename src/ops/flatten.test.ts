import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { flatten, tensor } from "./index.ts";

installReferenceEngine();

describe("flatten", () => {
  it("gives a vector", () => {
    expect(flatten(tensor([[1, 2], [3, 4]])).arraySync()).toEqual([1, 2, 3, 4]); // biome-ignore format: rows
    expect(tensor(7).flatten().arraySync()).toEqual([7]);
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => flatten(x.mul(x)), [sample([2, 2])]);
  });
});

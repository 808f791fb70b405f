import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { identity, tensor } from "./index.ts";

installReferenceEngine();

describe("identity", () => {
  it("gives the same values", () => {
    expect(identity(tensor([1, -0])).arraySync()).toEqual([1, -0]);
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => identity(x).mul(x), [sample([3])]);
  });
});

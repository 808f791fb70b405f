import { describe, expect, it } from "vitest";
import { gradients } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { stopGradient, sum, tensor } from "./index.ts";

installReferenceEngine();

describe("stopGradient", () => {
  it("gives the same values, through which no gradient flows", () => {
    const x = tensor([3, 5]);
    expect(stopGradient(x).arraySync()).toEqual([3, 5]);
    expect(gradients((y) => sum(y.mul(stopGradient(y))), x)[0].arraySync()).toEqual([3, 5]);
    expect(gradients((y) => sum(y.stopGradient()), x)[0].arraySync()).toEqual([0, 0]);
  });
});

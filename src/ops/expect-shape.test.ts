import { describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { expectShape, zeros } from "./index.ts";

installReferenceEngine();

describe("expectShape", () => {
  it("passes what fits, and names what does not", () => {
    const x: Tensor = zeros([32, 784]);
    expect(expectShape(x, [null, 784])).toBe(x);
    expect(() => x.expectShape([null, 785])).toThrow("expectShape: expected (null, 785), got (32, 784).");
    expect(() => x.expectShape([null])).toThrow("expectShape: expected (null,), got (32, 784).");
  });
});

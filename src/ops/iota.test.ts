import { describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { iota } from "./index.ts";

installReferenceEngine();

describe("iota", () => {
  it("counts from 0", () => {
    const x = iota(4);
    expect([x.arraySync(), x.dtype]).toEqual([[0, 1, 2, 3], "int32"]);
    expect(iota(2, { dtype: "float64" }).dtype).toBe("float64");
    expect(iota(0).shape).toEqual([0]);
    expect(() => iota(-1)).toThrow("iota: expected a size, an integer of at least 0, got -1.");
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { ValueError } from "../core/errors.ts";
import { arange } from "./arange.ts";

beforeAll(() => {
  installReferenceEngine();
});

// Expected values are NumPy's, of the same arguments.
describe("arange", () => {
  it("counts", () => {
    expect(arange(4).arraySync()).toEqual([0, 1, 2, 3]);
    expect(arange(4).dtype).toBe("float32");
    expect(arange(3, { dtype: "int32" }).dtype).toBe("int32");
    expect(arange(2, 10, 3).arraySync()).toEqual([2, 5, 8]);
    expect(arange(5, 0, -2, { dtype: "int32" }).arraySync()).toEqual([5, 3, 1]);
    expect(arange(0, 1, 0.3, { dtype: "float64" }).arraySync()).toEqual([0, 0.3, 0.6, 0.8999999999999999]);
    expect(arange(1, 1).shape).toEqual([0]);
    expect(arange(3, 1).shape).toEqual([0]);
  });

  it("refuses steps that lead nowhere", () => {
    expect(() => arange(0, 1, 0)).toThrow("arange: expected finite numbers and a step other than 0, got (0, 1, 0).");
    expect(() => arange(Infinity)).toThrow(ValueError);
    expect(() => arange(0, 3, 0.5, { dtype: "int32" })).toThrow("arange: int32 holds no 0.5.");
  });
});

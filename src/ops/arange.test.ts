import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { ValueError } from "../core/errors.ts";
import { arange } from "./arange.ts";
import { eye } from "./eye.ts";
import { linspace } from "./linspace.ts";

beforeAll(() => {
  installReferenceEngine();
});

// Expected values are NumPy's, of arange, linspace and eye with these arguments.
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

describe("linspace", () => {
  it("spaces evenly, ends included or not", () => {
    expect(linspace(0, 1, 5).arraySync()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(linspace(0, 1, 4, { endpoint: false }).arraySync()).toEqual([0, 0.25, 0.5, 0.75]);
    expect(linspace(2, 3, 1).arraySync()).toEqual([2]);
    expect(linspace(2, 3, 0).shape).toEqual([0]);
    expect(linspace(0, 0.3, 4, { dtype: "float64" }).arraySync()).toEqual([
      0, 0.09999999999999999, 0.19999999999999998, 0.3,
    ]);
    expect(() => linspace(0, 1, 2.5)).toThrow(ValueError);
  });
});

describe("eye", () => {
  it("has ones on its diagonal", () => {
    expect(eye(2).arraySync()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(eye(2, 3, { dtype: "int32" }).arraySync()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(eye(3, 1).shape).toEqual([3, 1]);
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { ValueError } from "../core/errors.ts";
import { linspace } from "./linspace.ts";

beforeAll(() => {
  installReferenceEngine();
});

// Expected values are NumPy's, of the same arguments.
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

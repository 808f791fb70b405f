import { describe, expect, it } from "vitest";
import { index, load } from "../ir/expr.ts";
import { coordinates, element } from "./element.ts";

describe("element", () => {
  it("loads the input at the output's coordinates", () => {
    const inputs = [
      { shape: [2, 3], dtype: "float32" },
      { shape: [2, 3], dtype: "bool" },
    ] as const;
    expect(element(inputs, 1)).toEqual(load(1, "bool", [index(0), index(1)]));
  });

  it("has no coordinates for a scalar", () => {
    expect(coordinates(0)).toEqual([]);
  });
});

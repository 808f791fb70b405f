import { describe, expect, it } from "vitest";
import { ENGINES } from "../../test/support/engines.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { compile } from "../engine/compile.ts";
import type { Tensor } from "../graph/tensor.ts";
import { oneHot, tensor } from "./index.ts";

installReferenceEngine();

const labels = tensor([2, 0, 3, 1], { dtype: "int32" });

describe("oneHot", () => {
  it("has a row for each label", () => {
    expect(oneHot(labels, 4).arraySync()).toEqual([[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0]]); // biome-ignore format: rows
    expect(oneHot(labels.reshape([2, 2]), 5).shape).toEqual([2, 2, 5]);
  });

  it("gives the dtype asked for", () => {
    const flags = oneHot(tensor(1, { dtype: "int32" }), 2, { dtype: "bool" });
    expect([flags.arraySync(), flags.dtype]).toEqual([[false, true], "bool"]);
  });

  it.each(ENGINES)("refuses labels outside, but for those of a program, which are rows of zeros: $name", ({ use }) => {
    use(() => {
      expect(() => oneHot(labels, 3)).toThrow(
        "oneHot: label 3 (at 2 of 4) is outside the 3 classes; expected 0 to 2. Raise classes to the greatest label + 1, or repair the label.",
      );
      expect(() => oneHot(tensor([-1], { dtype: "int32" }), 3)).toThrow("oneHot: label -1 (at 0 of 1)");
      const shifted = compile((x: Tensor<readonly [4], "int32">) => oneHot(x.sub(1), 2))(labels);
      expect(shifted.arraySync()).toEqual([[0, 1], [0, 0], [0, 0], [1, 0]]); // biome-ignore format: rows
    });
  });

  it("refuses labels that are not int32, and odd numbers of classes", () => {
    const floats: Tensor = tensor([1]);
    expect(() => oneHot(floats, 3)).toThrow('oneHot: expected int32 labels, got float32. Use labels.cast("int32").');
    expect(() => oneHot(labels, 2.5)).toThrow("an integer of at least 0, got 2.5");
  });
});

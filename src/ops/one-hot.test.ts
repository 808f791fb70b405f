import { describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { oneHot, tensor } from "./index.ts";

installReferenceEngine();

const labels = tensor([2, 0, 3, -1], { dtype: "int32" });

describe("oneHot", () => {
  it("has a row for each label, of zeros for one outside", () => {
    expect(oneHot(labels, 3).arraySync()).toEqual([[0, 0, 1], [1, 0, 0], [0, 0, 0], [0, 0, 0]]); // biome-ignore format: rows
    expect(oneHot(labels.reshape([2, 2]), 5).shape).toEqual([2, 2, 5]);
  });

  it("gives the dtype asked for", () => {
    const flags = oneHot(tensor(1, { dtype: "int32" }), 2, { dtype: "bool" });
    expect([flags.arraySync(), flags.dtype]).toEqual([[false, true], "bool"]);
  });

  it("refuses labels that are not int32, and odd numbers of classes", () => {
    const floats: Tensor = tensor([1]);
    expect(() => oneHot(floats, 3)).toThrow('oneHot: expected int32 labels, got float32. Use labels.cast("int32").');
    expect(() => oneHot(labels, 2.5)).toThrow("an integer of at least 0, got 2.5");
  });
});

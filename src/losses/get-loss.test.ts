import { describe, expect, it } from "vitest";
import { REFERENCE } from "../../test/support/engines.ts";
import { readGolden } from "../../test/support/golden.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { Tensor } from "../graph/tensor.ts";
import { mean, square, sub } from "../ops/index.ts";
import { tensor } from "../ops/tensor.ts";
import { getLoss } from "./get-loss.ts";

describe("getLoss", () => {
  it("takes every spelling of a name", () => {
    for (const name of ["mse", "MSE", "meanSquaredError", "mean_squared_error", "MeanSquaredError"]) {
      expect(getLoss(name).name).toBe("meanSquaredError");
    }
    expect(getLoss("sparse_categorical_crossentropy").fromLogits).toBe(false);
  });

  it("lists the names for one it does not know", () => {
    expect(() => getLoss("hinge")).toThrow('unknown loss "hinge". Use "binaryCrossentropy", "categoricalCrossentropy"');
    expect(() => getLoss(3 as never)).toThrow("expected a loss or its name, got number");
    expect(() => getLoss(null as never)).toThrow("expected a loss or its name, got null");
  });

  it("reads and writes what Keras writes", () => {
    const objects = readGolden<ConfigObject>("keras-configs").cases.filter((each) => each.module === "keras.losses");
    expect(objects.length).toBe(4);
    for (const each of objects) expect(getLoss(each).config).toEqual(each);
  });

  it("refuses what it would not do", () => {
    const { config } = getLoss("mse");
    expect(() => getLoss({ ...config, config: { reduction: "sum" } })).toThrow('the reduction "sum" is not supported');
    expect(() => getLoss({ ...config, config: { ignore_class: 3 } })).toThrow(
      'the option "ignore_class" (3) is not supported',
    );
    expect(() => getLoss({ ...config, class_name: "Hinge" })).toThrow('unknown loss "Hinge"');
  });

  it("takes a function that gives a value for each sample, and no other", () => {
    REFERENCE.use(() => {
      const y = tensor([
        [1, 2],
        [3, 4],
      ]);
      const p = tensor([
        [1, 4],
        [3, 4],
      ]);
      const squares = (a: Tensor, b: Tensor): Tensor => square(sub(a, b));
      expect([...getLoss(squares).call(y, p).dataSync()]).toEqual([2, 0]);
      expect(getLoss(squares)).toMatchObject({ name: "squares", kind: "any" });
      expect(() => getLoss((a: Tensor, b: Tensor) => mean(squares(a, b))).call(y, p)).toThrow(
        "expected one value a sample, a tensor of shape (2,), got shape (). Do not average over the batch.",
      );
    });
  });
});

import { describe, expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { ENGINES, REFERENCE } from "../../test/support/engines.ts";
import { testShape } from "../../test/support/test-shape.ts";
import { compile } from "../engine/compile.ts";
import { valueAndGrad } from "../engine/gradients.ts";
import type { Tensor } from "../graph/tensor.ts";
import { sum } from "../ops/sum.ts";
import { tensor } from "../ops/tensor.ts";
import { embedding } from "./embedding.ts";

testLayer({
  name: "embedding",
  make: (options) => embedding({ inputDim: 5, outputDim: 4, ...options }),
  shapes: [
    [
      [3, 2],
      [3, 2, 4],
    ],
    [[3], [3, 4]],
  ],
  weights: [[5, 4]],
});

const ints = (values: Parameters<typeof tensor>[0]): Tensor => tensor(values, { dtype: "int32" });

describe("embedding", () => {
  it("looks vectors up, by ints and by floats that are whole", () => {
    REFERENCE.use(() => {
      const layer = embedding({ inputDim: 3, outputDim: 2 });
      layer.ensureBuilt([null, 2]);
      layer.setWeights([Float32Array.of(1, 2, 3, 4, 5, 6)]);
      const y = layer.apply(tensor([[2, 0]], { dtype: "int32" }));
      testShape(y, [1, 2, 2]);
      expect(y.arraySync()).toEqual([[[5, 6], [1, 2]]]); // biome-ignore format: rows
      expect(layer.apply(tensor([[1, 1]])).arraySync()).toEqual([[[3, 4], [3, 4]]]); // biome-ignore format: rows
      expect(layer.apply(tensor([1], { dtype: "uint8" })).arraySync()).toEqual([[3, 4]]);
    });
  });

  it.each(ENGINES)("adds up the gradients of a vector that is used twice: $name", ({ use }) => {
    use(() => {
      const layer = embedding({ inputDim: 3, outputDim: 2 });
      const x = ints([[2, 0, 2]]);
      layer.ensureBuilt(x.shape);
      const { gradients } = valueAndGrad(() => sum(layer.apply(x)) as Tensor, layer.variables);
      expect(gradients[0].arraySync()).toEqual([[1, 1], [0, 0], [2, 2]]); // biome-ignore format: rows
    });
  });

  it("refuses indices out of range where it sees them, and reads the nearest in a program", () => {
    REFERENCE.use(() => {
      const layer = embedding({ inputDim: 3, outputDim: 1, name: "words" });
      layer.ensureBuilt([null, 2]);
      layer.setWeights([Float32Array.of(1, 2, 3)]);
      expect(() => layer.apply(ints([[0, 3]]))).toThrow(
        'embedding "words": index 3 (value 1 of 2) is out of range; expected 0 to 2, as inputDim is 3. Raise inputDim to the greatest index + 1.',
      );
      for (const bad of [-1, 3.5, Number.NaN])
        expect(() => layer.apply(tensor([[0, bad]]))).toThrow(`index ${bad} (value 1 of 2)`);
      expect(compile((x: Tensor): Tensor => layer.apply(x))(ints([-5, 9])).arraySync()).toEqual([[1], [3]]);
    });
  });

  it("refuses sizes that are none", () => {
    expect(() => embedding({ inputDim: 0, outputDim: 2 })).toThrow(
      'embedding "embedding": expected inputDim to be a whole number of at least 1, got 0.',
    );
    expect(() => embedding({ inputDim: 2, outputDim: 1.5 })).toThrow("expected outputDim to be a whole number");
  });
});

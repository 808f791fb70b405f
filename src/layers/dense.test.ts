import { describe, expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { testShape } from "../../test/support/test-shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones } from "../ops/full.ts";
import { tensor } from "../ops/tensor.ts";
import { dense } from "./dense.ts";

testLayer({
  name: "dense",
  make: (options) => dense({ units: 4, activation: "tanh", biasInitializer: "randomNormal", ...options }),
  shapes: [
    [
      [3, 5],
      [3, 4],
    ],
    [
      [3, 2, 5],
      [3, 2, 4],
    ],
  ],
  weights: [[5, 4], [4]],
});

describe("dense", () => {
  it("computes activation(x W + b)", () => {
    REFERENCE.use(() => {
      const layer = dense({ units: 2, activation: "relu" });
      layer.ensureBuilt([null, 3]);
      layer.setWeights([Float32Array.of(1, -1, 2, -2, 3, -3), Float32Array.of(10, 20)]);
      const y = layer.apply(tensor([[1, 2, 3]]));
      testShape(y, [1, 2]);
      expect(y.arraySync()).toEqual([[24, 6]]);
    });
  });

  it("leaves out the bias, and starts with the initializers it is given", () => {
    REFERENCE.use(() => {
      const layer = dense({ units: 2, useBias: false, kernelInitializer: "ones" });
      expect(layer.apply(ones([1, 3])).arraySync()).toEqual([[3, 3]]);
      expect(layer.variables.map((v) => v.name)).toEqual(["kernel"]);
    });
  });

  it("takes any activation that is a function", () => {
    REFERENCE.use(() => {
      const layer = dense({ units: 1, kernelInitializer: "ones", activation: (x: Tensor) => x.square() });
      expect(layer.apply(ones([1, 3])).arraySync()).toEqual([[9]]);
      expect(() => layer.getConfig()).toThrow('dense "dense": the activation activation is none of gradwise\'s');
    });
  });

  it("takes ints, and floats of another precision, in its own dtype", () => {
    REFERENCE.use(() => {
      const layer = dense({ units: 1, kernelInitializer: "ones" });
      for (const dtype of ["uint8", "int32", "bool", "float64"] as const) {
        const y = layer.apply(tensor([[1, 0]], { dtype }));
        expect([y.dtype, y.arraySync()]).toEqual(["float32", [[1]]]);
      }
    });
  });

  it("asks for a batch axis", () => {
    const layer = dense({ units: 2, name: "layer1" });
    expect(() => REFERENCE.use(() => layer.apply(ones([784]) as Tensor))).toThrow(
      'dense "layer1": expected an input of rank >= 2, got shape (784,). Add a batch axis: x.reshape([1, 784]).',
    );
    expect(() => layer.computeOutputShape([])).toThrow('dense "layer1": expected an input of rank >= 2, got shape ().');
    expect(() => layer.computeOutputShape([null, null])).not.toThrow();
    expect(() => layer.ensureBuilt([null, null])).toThrow(
      "expected a known size on the last axis, got shape (null, null).",
    );
  });

  it("keeps to the features its weights were made for", () => {
    REFERENCE.use(() => {
      const layer = dense({ units: 2, name: "layer1" });
      layer.apply(ones([1, 784]));
      expect(() => layer.apply(ones([32, 400]))).toThrow(
        'dense "layer1": expected 784 features on the last axis, got 400 in shape (32, 400). Its weights were made for 784.',
      );
    });
  });

  it("refuses units, activations and initializers that are none", () => {
    for (const units of [0, -1, 1.5, Number.NaN, "3", undefined]) {
      expect(() => dense({ units: units as number, name: "a" })).toThrow(
        `dense "a": expected units to be a whole number of at least 1, got ${String(units)}.`,
      );
    }
    expect(() => dense({ units: 1, activation: "rellu" })).toThrow(
      'unknown activation "rellu". Use "leakyRelu", "linear"',
    );
    expect(() => dense({ units: 1, kernelInitializer: "glorot" })).toThrow(
      'unknown initializer "glorot". Use "constant"',
    );
  });
});

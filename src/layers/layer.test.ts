import { describe, expect, it } from "vitest";
import { REFERENCE } from "../../test/support/engines.ts";
import { ShapeError, StateError, TraceError, ValueError } from "../core/errors.ts";
import { compile } from "../engine/compile.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Variable } from "../graph/variable.ts";
import { ones } from "../ops/full.ts";
import { mul } from "../ops/mul.ts";
import { stack } from "../ops/stack.ts";
import { tensor } from "../ops/tensor.ts";
import { dense } from "./dense.ts";
import { type CallContext, Layer, type OpenShape } from "./layer.ts";

/** A user's layer: y = x scale, with a counter that is not trained. */
class Scale extends Layer {
  scale: Variable | null = null;
  seen: CallContext | null = null;

  override build(inputShape: OpenShape): void {
    this.addWeight("count", [], { initializer: "zeros", trainable: false });
    this.scale = this.addWeight("scale", [inputShape[inputShape.length - 1] ?? 1], { initializer: "ones" });
  }

  override call(x: Tensor, ctx: CallContext): Tensor {
    this.seen = ctx;
    return this.scale === null ? x : mul(x, this.scale.read());
  }
}

/** [batch, n] -> [batch, 2, n], without a word about shapes. */
class Twice extends Layer {
  override call(x: Tensor): Tensor {
    return stack([x, x], { axis: 1 });
  }
}

describe("Layer", () => {
  it("is made by a class with build and call", () => {
    REFERENCE.use(() => {
      const layer = new Scale();
      expect(layer.apply(tensor([[1, 2]])).arraySync()).toEqual([[1, 2]]);
      expect(layer.seen).toEqual({ training: false, key: null, mask: null });
      layer.apply(tensor([[1, 2]]), { training: true });
      expect(layer.seen?.training).toBe(true);
    });
  });

  it("is named after its class, until it is named", () => {
    expect([new Scale().name, new Scale().hasOwnName]).toEqual(["scale", false]);
    const layer = new Scale({ name: "own" });
    expect([`${layer}`, layer.hasOwnName]).toEqual(['scale "own"', true]);
    layer.name = "scale_1";
    expect(`${layer}`).toBe('scale "scale_1"');
  });

  it("lists its weights with those that are trained first", () => {
    REFERENCE.use(() => {
      const layer = new Scale();
      layer.ensureBuilt([null, 3]);
      expect(layer.variables.map((v) => v.name)).toEqual(["scale", "count"]);
      expect(layer.trainableVariables.map((v) => v.name)).toEqual(["scale"]);
      expect(layer.countParams()).toBe(4);
    });
  });

  it("finds its output's shape by tracing", () => {
    REFERENCE.use(() => {
      expect(new Twice().computeOutputShape([null, 5])).toEqual([null, 2, 5]);
      expect(new Twice().computeOutputShape([4, null])).toEqual([4, 2, null]);
      expect(new Scale().computeOutputShape([null, 3])).toEqual([null, 3]);
    });
  });

  it("draws weights by its key and their index", () => {
    REFERENCE.use(() => {
      const draw = (key: readonly [number, number]): string => {
        const layer = dense({ units: 3, biasInitializer: "glorotUniform" });
        layer.ensureBuilt([null, 3], key);
        return layer.getWeights().join();
      };
      expect(draw([1, 2])).toBe(draw([1, 2]));
      expect(draw([1, 2])).not.toBe(draw([1, 3]));
      const [kernel, bias] = (() => {
        const layer = dense({ units: 9, kernelInitializer: "randomUniform", biasInitializer: "randomUniform" });
        layer.ensureBuilt([null, 1], [1, 2]);
        return layer.getWeights();
      })();
      expect(kernel.dataSync()).not.toEqual(bias.dataSync());
    });
  });

  it("does not ask for what is no tensor", () => {
    expect(() => new Scale().apply([[1]] as never)).toThrow(
      'scale "scale": expected a tensor, got object. Use tensor(values).',
    );
    expect(() => new Scale().apply(undefined as never)).toThrow("expected a tensor, got undefined");
  });

  it("says when call returns nothing", () => {
    class Broken extends Layer {
      override call(): Tensor {
        return undefined as never;
      }
    }
    REFERENCE.use(() => {
      expect(() => new Broken().apply(ones([1]))).toThrow(
        'broken "broken": its call returned undefined. Return a tensor from call(x, ctx).',
      );
    });
  });

  it("makes no weights inside a traced function", () => {
    REFERENCE.use(() => {
      const layer = dense({ units: 2, name: "a" });
      const run = compile((x: Tensor) => layer.apply(x) as Tensor);
      expect(() => run(ones([1, 3]))).toThrow(TraceError);
      expect(() => run(ones([1, 3]))).toThrow(
        'dense "a": its weights would be made inside a traced function. Call the layer once before, or build the model.',
      );
      layer.apply(ones([1, 3]));
      expect(run(ones([1, 3])).shape).toEqual([1, 2]);
    });
  });

  it("can be built again after a build that failed", () => {
    class Fussy extends Layer {
      tries = 0;
      override build(): void {
        this.addWeight("w", [2]);
        if (this.tries++ === 0) throw new Error("first");
      }
      override call(x: Tensor): Tensor {
        return x;
      }
    }
    REFERENCE.use(() => {
      const layer = new Fussy();
      expect(() => layer.ensureBuilt([null, 1])).toThrow("first");
      expect([layer.built, layer.variables.length]).toEqual([false, 0]);
      layer.ensureBuilt([null, 1]);
      expect(layer.variables.length).toBe(1);
    });
  });

  it("refuses dtypes and weight shapes that are none", () => {
    expect(() => dense({ units: 1, dtype: "float16" as never })).toThrow(
      'dense "dense": unknown dtype "float16". Use "float32".',
    );
    class Wrong extends Layer {
      override build(): void {
        this.addWeight("w", [-1]);
      }
      override call(x: Tensor): Tensor {
        return x;
      }
    }
    expect(() => REFERENCE.use(() => new Wrong().ensureBuilt([1]))).toThrow(
      'wrong "wrong": weight "w": sizes are integers of at least 0, got -1',
    );
  });
});

describe("weights", () => {
  const layer = () => {
    const made = dense({ units: 2, name: "layer1" });
    made.ensureBuilt([null, 3]);
    return made;
  };

  it("are not there before the layer is built", () => {
    const early = dense({ units: 2, name: "layer1" });
    for (const ask of [() => early.getWeights(), () => early.setWeights([]), () => early.countParams()]) {
      expect(ask).toThrow(StateError);
      expect(ask).toThrow("before its weights exist. Call it on data first, or build the model.");
    }
  });

  it("must be as many", () => {
    REFERENCE.use(() => {
      expect(() => layer().setWeights([new Float32Array(6)])).toThrow(
        'dense "layer1": expected 2 weights (kernel (3, 2), bias (2,)), got 1. Give one array for each.',
      );
    });
  });

  it("must have their shapes, and none is set unless all fit", () => {
    REFERENCE.use(() => {
      const made = layer();
      const before = made.getWeights().join();
      const transposed = [ones([2, 3]), ones([2])];
      expect(() => made.setWeights(transposed)).toThrow(ShapeError);
      expect(() => made.setWeights(transposed)).toThrow(
        'dense "layer1": weight "kernel": expected shape (3, 2), got (2, 3). Check the order of the weights.',
      );
      expect(() => made.setWeights([new Float32Array(6), new Float32Array(3)])).toThrow(
        'dense "layer1": weight "bias": expected 2 values for shape (2,), got 3. Check the order of the weights.',
      );
      expect(() => made.setWeights([[1, 2], [3]] as never)).toThrow(ValueError);
      expect(made.getWeights().join()).toBe(before);
    });
  });

  it("are copied, and cast", () => {
    REFERENCE.use(() => {
      const made = layer();
      const array = Float32Array.of(1, 2, 3, 4, 5, 6);
      made.setWeights([array, Float64Array.of(0.1, 2)]);
      array[0] = 99;
      expect(made.getWeights().map((w) => [w.dtype, ...w.dataSync()])).toEqual([
        ["float32", 1, 2, 3, 4, 5, 6],
        ["float32", Math.fround(0.1), 2],
      ]);
    });
  });
});

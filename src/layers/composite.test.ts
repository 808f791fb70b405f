import { describe, expect, it } from "vitest";
import { REFERENCE } from "../../test/support/engines.ts";
import { TransformerBlock } from "../../test/support/transformer-block.ts";
import { StateError, TraceError, ValueError } from "../core/errors.ts";
import { compile } from "../engine/compile.ts";
import type { Tensor } from "../graph/tensor.ts";
import { sequential } from "../models/sequential.ts";
import { concat } from "../ops/concat.ts";
import { ones } from "../ops/full.ts";
import { key } from "../ops/random.ts";
import { batchNormalization } from "./batch-normalization.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { type CallContext, Layer, type OpenShape } from "./layer.ts";
import { layerNormalization } from "./layer-normalization.ts";

/** A list, an object, a private field and a layer that `build` makes. */
class Mixed extends Layer {
  readonly own = [dense({ units: 3, name: "chosen" }), dense({ units: 2 }), dropout({ rate: 0.5 })];
  readonly sides = { left: dense({ units: 1 }), right: batchNormalization() };
  readonly #hidden = this.addLayer("hidden", dense({ units: 2, useBias: false }));
  late: Layer | null = null;
  scale: unknown = null;

  override build(inputShape: OpenShape): void {
    this.late = dense({ units: 4 });
    this.late.ensureBuilt([...inputShape.slice(0, -1), 3]);
    this.scale = this.addWeight("scale", [], { trainable: false });
  }

  override call(x: Tensor): Tensor {
    let y = x;
    for (const layer of this.own) y = layer.apply(y);
    const both: Tensor = concat([this.sides.left.apply(y), this.sides.right.apply(this.#hidden.apply(y))], {
      axis: -1,
    });
    return this.late?.apply(both) ?? both;
  }
}

const draws = (layer: Layer, x: Tensor, from: number): string =>
  layer
    .apply(x, { training: true, key: key(from) })
    .dataSync()
    .join();

describe("a layer that is made of others", () => {
  it("finds them in fields, lists and objects, and where it was told", () => {
    REFERENCE.use(() => {
      const layer = new Mixed();
      layer.ensureBuilt([null, 5], [1, 2]);
      expect([...layer.sublayers].map(([path, part]) => `${path} ${part.name}`)).toEqual([
        "own/dense chosen",
        "own/dense_1 own/dense_1",
        "own/dropout own/dropout",
        "sides/dense sides/dense",
        "sides/batch_normalization sides/batch_normalization",
        "late late",
        "hidden hidden",
      ]);
      expect(layer.namedVariables.map(([path, v]) => `${path} ${v.name} ${v.shape}`)).toEqual([
        "vars/0 scale ",
        "own/dense/vars/0 kernel 5,3",
        "own/dense/vars/1 bias 3",
        "own/dense_1/vars/0 kernel 3,2",
        "own/dense_1/vars/1 bias 2",
        "sides/dense/vars/0 kernel 2,1",
        "sides/dense/vars/1 bias 1",
        "sides/batch_normalization/vars/0 gamma 2",
        "sides/batch_normalization/vars/1 beta 2",
        "sides/batch_normalization/vars/2 moving_mean 2",
        "sides/batch_normalization/vars/3 moving_variance 2",
        "late/vars/0 kernel 3,4",
        "late/vars/1 bias 4",
        "hidden/vars/0 kernel 2,2",
      ]);
      expect(layer.trainableVariables.length).toBe(11);
      expect(layer.countParams()).toBe(58);
      expect(layer.computeOutputShape([null, 5])).toEqual([null, 4]);
    });
  });

  it("draws every part's weights by the key and the part's path, built here or there", () => {
    REFERENCE.use(() => {
      const weights = (from: readonly [number, number], eager: boolean): string => {
        const layer = new Mixed();
        if (eager) layer["~weightKey"]();
        layer.ensureBuilt([null, 5], from);
        return layer.getWeights().join();
      };
      expect(weights([1, 2], false)).toBe(weights([1, 2], false));
      expect(weights([1, 2], false)).not.toBe(weights([1, 3], false));
      const net = (): Tensor[] => {
        const model = sequential([new TransformerBlock({ heads: 2, units: 3 })], { seed: 5 });
        return model.build([null, 4, 8]).getWeights();
      };
      expect(net().join()).toBe(net().join());
      const [query, , value] = net().filter((w) => w.rank === 3);
      expect(query.dataSync()).not.toEqual(value.dataSync());
    });
  });

  it("is built by the first call, and outside of a program's trace", () => {
    REFERENCE.use(() => {
      const layer = new TransformerBlock({ heads: 2, units: 3 });
      const run = compile((x: Tensor): Tensor => layer.apply(x));
      const x: Tensor = ones([2, 4, 8]);
      expect(() => run(x)).toThrow(TraceError);
      const y = layer.apply(x);
      expect([y.shape, layer.countParams()]).toEqual([[2, 4, 8], 379]);
      expect([...run(x).dataSync()]).toEqual([...y.dataSync()]);
    });
  });

  it("builds parts for open shapes as open: a size that is not known is said", () => {
    class Over extends Layer {
      readonly norm = layerNormalization({ axis: 1, name: "steps" });
      override call(x: Tensor): Tensor {
        return this.norm.apply(x);
      }
    }
    REFERENCE.use(() => {
      expect(() => new Over().ensureBuilt([null, null, 3])).toThrow(
        'layer_normalization "steps": expected a known size on axis 1, got shape (null, null, 3).',
      );
      const layer = new Over();
      layer.ensureBuilt([null, 7, null]);
      expect(layer.variables.map((v) => v.shape)).toEqual([[7], [7]]);
    });
  });

  it("names nodes by layer and part", () => {
    REFERENCE.use(() => {
      const layer = new TransformerBlock({ heads: 2, units: 3, name: "block" });
      layer.ensureBuilt([null, 4, 8]);
      const { nodes } = compile((x: Tensor): Tensor => layer.apply(x)).program(ones([1, 4, 8])).graph;
      const scopes = new Set(nodes.map((node) => node.scope));
      for (const scope of ["block/attention/query", "block/expand", "block/norm2", "block"]) {
        expect(scopes).toContain(scope);
      }
    });
  });

  it("freezes its parts", () => {
    REFERENCE.use(() => {
      const layer = new Mixed({ trainable: false });
      layer.ensureBuilt([null, 5]);
      expect([layer.trainableVariables.length, layer.sides.right.trainable]).toEqual([0, false]);
      layer.trainable = true;
      expect([layer.trainableVariables.length, layer.sides.right.trainable]).toEqual([11, true]);
      layer.sides.right.trainable = false;
      expect(layer.trainableVariables.length).toBe(9);
    });
  });

  it("has a weight once that two parts share", () => {
    class Twins extends Layer {
      readonly first = dense({ units: 3 });
      readonly again = this.first;
      readonly list = [this.first];
      override call(x: Tensor): Tensor {
        return this.again.apply(this.first.apply(x));
      }
    }
    REFERENCE.use(() => {
      const layer = new Twins();
      layer.ensureBuilt([null, 3]);
      expect([layer.sublayers.size, layer.countParams(), layer.trainableVariables.length]).toEqual([1, 12, 2]);
      const model = sequential([layer, new (class Outer extends Layer {
        readonly inner = layer.first;
        override call(x: Tensor): Tensor {
          return this.inner.apply(x);
        }
      })()]); // biome-ignore format: a class in passing
      expect(model.build([null, 3]).variables.length).toBe(2);
      expect(model.trainableVariables.length).toBe(2);
    });
  });
});

describe("a call of a part", () => {
  class Drops extends Layer {
    readonly a = dropout({ rate: 0.5 });
    readonly b = [dropout({ rate: 0.5 })];
    readonly how: (layer: Drops, x: Tensor, ctx: CallContext) => Tensor;
    constructor(how: Drops["how"]) {
      super();
      this.how = how;
    }
    override call(x: Tensor, ctx: CallContext): Tensor {
      return this.how(this, x, ctx);
    }
  }
  const x: Tensor = ones([1, 64]);

  it("draws by its path and by how often it was called", () => {
    REFERENCE.use(() => {
      const [a, b] = [new Drops((l, v) => l.a.apply(v)), new Drops((l, v) => l.b[0].apply(v))];
      expect(draws(a, x, 1)).toBe(draws(a, x, 1));
      expect(draws(a, x, 1)).not.toBe(draws(a, x, 2));
      expect(draws(a, x, 1)).not.toBe(draws(b, x, 1));
      const second = new Drops((l, v) => {
        l.a.apply(v);
        return l.a.apply(v);
      });
      expect(draws(second, x, 1)).not.toBe(draws(a, x, 1));
    });
  });

  it("is in training as the call around it, whether it is passed on or not, unless told", () => {
    REFERENCE.use(() => {
      const left = new Drops((l, v) => l.a.apply(v));
      const passed = new Drops((l, v, ctx) => l.a.apply(v, ctx));
      expect(draws(left, x, 1)).toBe(draws(passed, x, 1));
      expect(left.apply(x).dataSync()).toEqual(x.dataSync());
      expect(draws(new Drops((l, v) => l.a.apply(v, { training: false })), x, 1)).toBe(x.dataSync().join());
      const own = new Drops((l, v) => l.a.apply(v, { key: key(9) }));
      expect(draws(own, x, 1)).toBe(draws(own, x, 2));
      expect(draws(own, x, 1)).toBe(draws(dropout({ rate: 0.5 }), x, 9));
    });
  });

  it("must be a part: its weights would not be trained", () => {
    const stranger = dense({ units: 2, name: "stranger" });
    class Calls extends Layer {
      readonly #private = dense({ units: 2, name: "private" });
      readonly inside: boolean;
      constructor(inside: boolean) {
        super({ name: "caller" });
        this.inside = inside;
      }
      override call(v: Tensor): Tensor {
        return (this.inside ? this.#private : stranger).apply(v);
      }
    }
    REFERENCE.use(() => {
      expect(() => new Calls(true).apply(ones([1, 2]))).toThrow(StateError);
      stranger.apply(ones([1, 2]));
      expect(() => new Calls(false).apply(ones([1, 2]))).toThrow(
        'calls "caller" calls dense "stranger", which is none of its parts: it would not train it. Hold it in a public field, or give it to addLayer.',
      );
    });
  });
});

describe("addLayer", () => {
  class Adds extends Layer {
    constructor(names: readonly string[], what: unknown = dense({ units: 1 })) {
      super({ name: "a" });
      for (const name of names) this.addLayer(name, what as Layer);
    }
    override call(x: Tensor): Tensor {
      return x;
    }
  }

  it("wants layers, and a name for each", () => {
    expect(() => new Adds(["x"], 3)).toThrow('adds "a": addLayer "x" expected a layer, got number.');
    expect(() => new Adds(["x", "x"])).toThrow(ValueError);
    expect([...new Adds(["x", "innerDense"]).sublayers.keys()]).toEqual(["x"]);
    expect(new Adds(["x"]).sublayers.get("x")).toBeDefined();
  });
});

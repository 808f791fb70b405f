import { describe, expect, it } from "vitest";
import { REFERENCE } from "../../test/support/engines.ts";
import { ValueError } from "../core/errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { concat } from "../ops/concat.ts";
import { ones } from "../ops/full.ts";
import { dense } from "./dense.ts";
import { Layer } from "./layer.ts";

describe("building the parts of a layer", () => {
  it("traces a part a few times while it is built, however many parts there are", () => {
    let calls = 0;
    class Counted extends Layer {
      readonly inner = dense({ units: 3 });
      override call(x: Tensor): Tensor {
        calls++;
        return this.inner.apply(x);
      }
    }
    class Chain extends Layer {
      readonly parts: readonly Layer[];
      constructor(count: number) {
        super();
        this.parts = Array.from({ length: count }, () => new Counted());
      }
      override call(x: Tensor): Tensor {
        return this.parts.reduce((y, part) => part.apply(y), x);
      }
    }
    REFERENCE.use(() => {
      const callsOf = (count: number): number => {
        calls = 0;
        const chain = new Chain(count);
        chain.ensureBuilt([null, 5]);
        expect(chain.countParams()).toBe(18 + 12 * (count - 1));
        return calls;
      };
      expect(callsOf(3)).toBeLessThanOrEqual(12);
      expect(callsOf(30)).toBeLessThanOrEqual(120);
    });
  });

  it("finds what a part leaves behind besides its output", () => {
    class Scores extends Layer {
      readonly inner = dense({ units: 2 });
      scores: Tensor | null = null;
      override call(x: Tensor): Tensor {
        this.scores = this.inner.apply(x);
        return x;
      }
    }
    class Reads extends Layer {
      readonly first = new Scores();
      readonly second = dense({ units: 3 });
      override call(x: Tensor): Tensor {
        const y = this.first.apply(x);
        return this.second.apply(concat([y, this.first.scores as Tensor], { axis: -1 }));
      }
    }
    REFERENCE.use(() => {
      const layer = new Reads();
      layer.ensureBuilt([null, 5]);
      expect(layer.variables.map((v) => v.shape)).toEqual([[5, 2], [2], [7, 3], [3]]);
      class Fails extends Reads {
        override call(x: Tensor): Tensor {
          super.call(x);
          throw new ValueError("no");
        }
      }
      // All parts are built by then: nothing is traced again.
      expect(() => new Fails().apply(ones([1, 5]))).toThrow("no");
      class FailsEarly extends Reads {
        readonly third = dense({ units: 1 });
        override call(x: Tensor): Tensor {
          super.call(x);
          throw new ValueError("not yet");
        }
      }
      expect(() => new FailsEarly().ensureBuilt([null, 5])).toThrow("not yet");
    });
  });
});

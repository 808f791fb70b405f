import { describe, expect, it } from "vitest";
import { compile } from "../../src/engine/compile.ts";
import { engine } from "../../src/engine/engine.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { Variable } from "../../src/graph/variable.ts";
import { ops } from "../../src/ops/index.ts";
import { tensor } from "../../src/ops/tensor.ts";
import "../../src/engine/eager.ts";
import { growth } from "../support/memory-growth.ts";

const MIB = 2 ** 20;
const SHAPES = [[3], [7, 5], [64, 64], [], [2, 3, 4], [1000]];

describe("memory stays within 20 MB of what it was after the first tenth", () => {
  it("of 100,000 eager ops", async () => {
    const bases = SHAPES.map((shape) => ops.mul(ops.ones(shape), 0.5));
    const grown = await growth(10_000, (at) => {
      // Ten ops a round, one of them of a shape and constant of its own.
      const x = bases[at % bases.length] as Tensor;
      const y = ops.tanh(ops.add(ops.mul(x, at / 1000), x));
      const z = ops.matmul(ops.reshape(y, [-1, 1]), ops.ones([1, 2]));
      ops.sum(ops.exp(ops.neg(z)), { axis: 0 });
      ops.max(ops.broadcastTo(ops.sum(y), [1 + (at % 977)])).dataSync();
    });
    expect(grown).toBeLessThan(20 * MIB);
  }, 300_000);

  it("of 1,000 compiled functions, their programs and Variables", async () => {
    const used = engine().heap.usedBytes;
    const round = (at: number): void => {
      const [weights, bias] = [new Variable(ops.ones([64, 64])), new Variable(tensor(new Float32Array(64)))];
      const captured = ops.ones([1 + (at % 100), 64]);
      const step = compile((x: Tensor) => {
        const y = ops.tanh(ops.add(ops.matmul(ops.add(x, captured), weights.read()), bias.read()));
        weights.assign(ops.mul(weights.read(), 0.99));
        return ops.sum(y);
      });
      step(ops.ones([1 + (at % 100), 64]));
    };
    // V8 of Node 26 keeps code for a while: 74 MB after 50 programs, 89 after 300, 98 to 104 after 1,300.
    await growth(300, round);
    const grown = await growth(1000, round);
    expect(grown).toBeLessThan(20 * MIB);
    // Variables, captured tensors and tables have been given back, but for the arena and the last few.
    expect(engine().heap.usedBytes - used).toBeLessThan(4 * MIB);
  }, 300_000);
});

import { describe, expect, it } from "vitest";
import { memoryGrowth } from "../support/memory-growth.ts";

const MIB = 2 ** 20;

const EAGER = {
  setup: `
    import { ones, tanh, add, mul, matmul, reshape, sum, exp, neg, max, broadcastTo } from "gradwise";
    const bases = [[3], [7, 5], [64, 64], [], [2, 3, 4], [1000]].map((shape) => mul(ones(shape), 0.5));
  `,
  // Ten ops a round, one of them of a shape and constant of its own.
  round: `
    const x = bases[at % bases.length];
    const y = tanh(add(mul(x, at / 1000), x));
    const z = matmul(reshape(y, [-1, 1]), ones([1, 2]));
    sum(exp(neg(z)), { axis: 0 });
    max(broadcastTo(sum(y), [1 + (at % 977)])).dataSync();
  `,
  warm: 1000,
  rounds: 10_000,
};

const COMPILED = {
  setup: `
    import { add, compile, matmul, mul, ones, sum, tanh, tensor, Variable } from "gradwise";
    const kept = [];
  `,
  round: `
    const [weights, bias] = [new Variable(ones([64, 64])), new Variable(tensor(new Float32Array(64)))];
    const captured = ones([1 + (at % 100), 64]);
    const step = compile((x) => {
      const y = tanh(add(matmul(add(x, captured), weights.read()), bias.read()));
      weights.assign(mul(weights.read(), 0.99));
      return sum(y);
    });
    step(ones([1 + (at % 100), 64]));
    if (process.env.KEEP) kept.push(step);
  `,
  warm: 400,
  rounds: 1000,
};

describe("memory stays within 20 MB of what it was after the first rounds", () => {
  it("of 100,000 eager ops", async () => {
    expect((await memoryGrowth(EAGER)).grown).toBeLessThan(20 * MIB);
  }, 300_000);

  it("of 1,000 compiled functions, their programs and Variables", async () => {
    const { grown, heap } = await memoryGrowth(COMPILED);
    expect(grown).toBeLessThan(20 * MIB);
    // Variables, captured tensors and tables have been given back, but for the arena and the last few.
    expect(heap).toBeLessThan(20);
  }, 300_000);

  it("but not of functions that are kept", async () => {
    // Twice as many, some 68 MB: far from the bound, so that the test above is seen to be able to fail.
    const { grown, heap } = await memoryGrowth({ ...COMPILED, rounds: 2 * COMPILED.rounds }, { KEEP: "1" });
    expect(grown).toBeGreaterThan(20 * MIB);
    expect(heap).toBeGreaterThan(20);
  }, 300_000);
});

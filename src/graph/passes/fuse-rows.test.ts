import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../engine/eager.ts";
import { kernelCalls } from "../../backends/wasm/call.ts";
import { exactProfile } from "../../backends/wasm/kernel-profile.ts";
import { lowerGraph } from "../../backends/wasm/lower-graph.ts";
import { compile } from "../../engine/compile.ts";
import { grad } from "../../engine/gradients.ts";
import { ops as o, oneHot } from "../../ops/index.ts";
import * as random from "../../ops/random.ts";
import type { Tensor } from "../tensor.ts";

const sample = (shape: readonly number[], seed = 1): Tensor => random.normal({ shape, key: random.key(seed) }).mul(3);

const softmax = (x: Tensor): Tensor => o.softmax(x);
const layerNorm = (x: Tensor): Tensor => {
  const centred = o.sub(x, o.mean(x, { axis: -1, keepDims: true })) as Tensor;
  const variance = o.mean(o.square(centred), { axis: -1, keepDims: true }) as Tensor;
  return o.div(centred, o.sqrt(o.add(variance, 1e-3) as Tensor)) as Tensor;
};
const crossEntropy = (x: Tensor): Tensor => {
  const hit = oneHot(o.mod(o.iota(x.shape[0]), x.shape[1]) as Tensor, x.shape[1]) as Tensor;
  return o.mean(o.sub(o.logSumExp(x, { axis: -1 }), o.sum(o.mul(x, hit), { axis: -1 })) as Tensor) as Tensor;
};

/** The names of what a program calls: "row", "map", "sum" ... */
function callsOf(f: (x: Tensor) => Tensor, x: Tensor): string[] {
  const { parts } = lowerGraph(compile(f).program(x).graph, exactProfile);
  return kernelCalls(parts.flat()).map(({ step }) => step.key.split(/[ |]/)[0]);
}

describe("fuseRows", () => {
  it("makes one kernel of a softmax", () => {
    expect(callsOf(softmax, sample([32, 10]))).toEqual(["row"]);
  });

  it("makes one kernel of a layer normalisation", () => {
    expect(callsOf(layerNorm, sample([4, 6, 33]))).toEqual(["row"]);
  });

  it("takes a softmax's loss and its gradient in one kernel, beside what the labels need", () => {
    const calls = callsOf((x) => grad(crossEntropy)(x), sample([32, 10]));
    expect(calls.filter((name) => name === "row")).toHaveLength(1);
    expect(calls.filter((name) => ["max", "sum"].includes(name))).toEqual([]);
  });

  it.each([
    ["softmax", softmax],
    ["layer normalisation", layerNorm],
    ["cross-entropy's gradient", (x: Tensor) => grad(crossEntropy)(x)],
    [
      "a row's values used outside",
      (x: Tensor) => o.add(o.sum(o.softmax(x), { axis: 0 }), o.max(x, { axis: [0, 1] })) as Tensor,
    ],
  ])("gives the bits of op by op: %s, rows of 1 to 40", (_, f) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 40 }), fc.nat(99), (rows, width, seed) => {
        const x = sample([rows, width], seed);
        expect(compile(f)(x).dataSync()).toEqual(f(x).dataSync());
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it("keeps NaN and infinities where they are", () => {
    const x = o.tensor([
      [1, Number.NaN, 2],
      [Number.NEGATIVE_INFINITY, 0, 1],
      [Number.POSITIVE_INFINITY, 0, 1],
    ]) as Tensor;
    expect(compile(softmax)(x).dataSync()).toEqual(softmax(x).dataSync());
  });

  it("leaves rows alone that are longer than a cache", () => {
    expect(callsOf(softmax, sample([2, 5000]))).not.toContain("row");
  });

  it("orders what reads the group behind it", () => {
    const f = (x: Tensor): Tensor => {
      const top = o.max(x, { axis: 1, keepDims: true }) as Tensor;
      const other = o.add(o.mul(o.sum(x, { axis: 0 }), 2), o.sum(top)) as Tensor;
      return o.add(o.sub(x, top), other) as Tensor;
    };
    const x = sample([5, 7]);
    expect(compile(f)(x).dataSync()).toEqual(f(x).dataSync());
  });
});

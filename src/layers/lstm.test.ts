import { describe, expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { testShape } from "../../test/support/test-shape.ts";
import { kernelCalls } from "../backends/wasm/call.ts";
import { exactProfile } from "../backends/wasm/kernel-profile.ts";
import { lowerGraph } from "../backends/wasm/lower-graph.ts";
import { compile } from "../engine/compile.ts";
import { valueAndGrad } from "../engine/gradients.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones } from "../ops/full.ts";
import { sum } from "../ops/sum.ts";
import { lstm } from "./lstm.ts";

testLayer({
  name: "lstm",
  make: (options) => lstm({ units: 3, goBackwards: true, ...options }),
  shapes: [
    [
      [3, 5, 2],
      [3, 3],
    ],
    [
      [3, 1, 2],
      [3, 3],
    ],
  ],
  weights: [[2, 12], [3, 12], [12]],
}); // biome-ignore format: shapes

describe("lstm", () => {
  it("starts by remembering: the forget gate's bias is 1", () => {
    REFERENCE.use(() => {
      const layer = lstm({ units: 2 });
      const y = layer.apply(ones([1, 3, 1]));
      testShape(y, [1, 2]);
      expect([...layer.getWeights()[2].dataSync()]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
      const plain = lstm({ units: 2, unitForgetBias: false, biasInitializer: "ones" });
      plain.ensureBuilt([null, 3, 1]);
      expect([...plain.getWeights()[2].dataSync()]).toEqual(new Array(8).fill(1));
    });
  });

  it("takes few kernels a step, however long the sequence is, with no sum of outer products in the loop", () => {
    const layer = lstm({ units: 4 });
    layer.ensureBuilt([null, null, 3]);
    const step = compile((x: Tensor) => valueAndGrad(() => sum(layer.apply(x)) as Tensor, layer.variables).gradients);
    const loops = (length: number): number[] => {
      const { parts } = lowerGraph(step.program(ones([2, length, 3])).graph, exactProfile);
      return parts.flat().flatMap((call) => (call.kind === "loop" ? [kernelCalls(call.calls).length] : []));
    };
    expect(loops(5)).toEqual(loops(500));
    const [forward, backward] = loops(5);
    expect(forward).toBeLessThanOrEqual(3);
    expect(backward).toBeLessThanOrEqual(4);
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine, runGraph } from "../../test/support/reference-engine.ts";
import { TestHeap } from "../../test/support/test-heap.ts";
import { referenceBackend } from "../backends/reference/reference-backend.ts";
import { applyAll } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import { withScope } from "../graph/scope.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Trace, withTrace } from "../graph/trace.ts";
import { s } from "../ir/expr.ts";
import { element } from "../ops/element.ts";
import { ops } from "../ops/index.ts";
import { tensor } from "../ops/tensor.ts";
import { backward } from "./backward.ts";

beforeAll(() => {
  installReferenceEngine();
});

const x = tensor([1, 2], { dtype: "float64" });
const ones = tensor([1, 1], { dtype: "float64" });

/** The gradients of f's outputs, each seeded with ones, and how many nodes they took. */
function walk(f: (a: Tensor) => Tensor[]): { dx: number[] | null; added: string[]; trace: Trace } {
  const trace = new Trace();
  const a = trace.input(x, "x");
  return withTrace(trace, () => {
    const ys = f(a);
    const nodes = trace.finish([]).nodes;
    const [dx] = backward(
      nodes,
      ys,
      ys.map(() => ones),
      [a],
    );
    const added = trace
      .finish([])
      .nodes.slice(nodes.length)
      .flatMap(({ op }) => (op.kind === "source" ? [] : [op.name]));
    const graph = trace.finish(dx === null || dx === undefined ? [] : [dx]);
    const [values] = runGraph(referenceBackend, new TestHeap(), graph, [x]);
    return { dx: values === undefined ? null : [...values.dataSync()], added, trace };
  });
}

/** [x^2, x^3] by one node. */
const powers: Op = {
  name: "powers",
  kind: "map",
  infer: ([a]) => [a, a] as never,
  scalar: (inputs, _attrs, output) => {
    const a = element(inputs, 0);
    return { body: output === 0 ? s.mul(a, a) : s.mul(s.mul(a, a), a) };
  },
  grad: ([d2, d3], { inputs: [a], outputs: [y2] }, o) => [o.add(o.mul(d2, o.mul(a, 2)), o.mul(d3, o.mul(y2, 3)))],
};

describe("backward", () => {
  it("goes back along every way, and adds", () => {
    expect(walk((a) => [ops.add(ops.square(a), ops.mul(a, 3))]).dx).toEqual([5, 7]);
    expect(walk((a) => [a, ops.square(a)]).dx).toEqual([3, 5]);
    expect(walk((a) => [a]).dx).toEqual([1, 1]);
  });

  it("asks only the nodes between: what does not depend on x, or does not lead to y, costs nothing", () => {
    const { dx, added } = walk((a) => {
      ops.exp(ops.exp(a));
      return [ops.mul(a, ops.tanh(ops.exp(x)))];
    });
    expect(dx?.[0]).toBeCloseTo(Math.tanh(Math.E), 12);
    // The gradient of both factors is written; that of the constant one has no users.
    expect(added).toEqual(["mul", "mul"]);
  });

  it("gives null for what y does not depend on by floats", () => {
    expect(walk(() => [ones]).dx).toBe(null);
    expect(walk((a) => [ops.cast(ops.greater(a, 1), "float64")]).dx).toBe(null);
    expect(walk((a) => [ops.stopGradient(a)]).dx).toBe(null);
  });

  it("stands zeros in for outputs that y does not use", () => {
    expect(walk((a) => [applyAll(powers, [a], {})[1] as Tensor]).dx).toEqual([3, 12]);
    expect(walk((a) => [applyAll(powers, [a], {})[0] as Tensor]).dx).toEqual([2, 4]);
    expect(walk((a) => [...applyAll(powers, [a], {})]).dx).toEqual([5, 16]);
  });

  it("names gradients after the layer that they belong to", () => {
    const { trace } = walk((a) => withScope("dense", () => [ops.tanh(a)]));
    const scopes = trace
      .finish([])
      .nodes.flatMap(({ op, scope }) => (op.kind === "source" ? [] : [`${op.name} ${scope}`]));
    expect(scopes.length).toBeGreaterThan(1);
    expect(scopes.filter((scope) => scope.endsWith(" dense"))).toEqual(scopes);
  });
});

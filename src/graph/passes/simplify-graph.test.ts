import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { randomGraphs, sameBits } from "../../../test/support/random-graphs.ts";
import { installReferenceEngine, runGraph } from "../../../test/support/reference-engine.ts";
import { TestHeap } from "../../../test/support/test-heap.ts";
import { referenceBackend } from "../../backends/reference/reference-backend.ts";
import { wasmBackend } from "../../backends/wasm/wasm-backend.ts";
import { constantOp } from "../../ops/constant.ts";
import { customGradient, ops } from "../../ops/index.ts";
import { tensor } from "../../ops/tensor.ts";
import type { Graph } from "../node.ts";
import { printGraph } from "../print-graph.ts";
import type { Tensor } from "../tensor.ts";
import { Trace, withTrace } from "../trace.ts";
import { validateGraph } from "../validate-graph.ts";
import { Variable } from "../variable.ts";
import { simplifyGraph } from "./simplify-graph.ts";

beforeAll(() => {
  installReferenceEngine();
});

const simplified = (graph: Graph): Graph => validateGraph(simplifyGraph(graph, constantOp), "simplifyGraph");

/** The graph of f on inputs like these, simplified; its sources are %0, %1 and so on. */
function simple(f: (...xs: Tensor[]) => Tensor, ...likes: readonly Tensor[]): Graph {
  const trace = new Trace();
  const xs = likes.map((x, i) => trace.input(x, `x${i}`));
  return simplified(trace.finish(withTrace(trace, () => [f(...xs)])));
}

/** The ops that are left, in order. */
const left = (graph: Graph): string[] => graph.nodes.flatMap(({ op }) => (op.kind === "source" ? [] : [op.name]));

const x = tensor([[1, 2, 3], [4, 5, 6]]); // biome-ignore format: a matrix
const d = tensor([1, 2], { dtype: "float64" });

describe("simplifyGraph computes what its graph computes, to the bit", () => {
  const property = (backend: typeof wasmBackend, runs: number): void => {
    const heap = new TestHeap();
    fc.assert(
      fc.property(randomGraphs, ({ graph, inputs }) => {
        const [before, after] = [validateGraph(graph, "trace"), simplified(graph)];
        const want = runGraph(backend, heap, before, inputs);
        const got = runGraph(backend, heap, after, inputs);
        got.forEach((y, i) => {
          const text = `output ${i}: ${y} for ${want[i]}\n${printGraph(before)}\n---\n${printGraph(after)}`;
          if (!sameBits(y, want[i])) throw new Error(text);
        });
      }),
      { numRuns: runs },
    );
  };
  it("on the reference backend", () => {
    property(referenceBackend, 300);
  });
  it("on wasm", () => {
    property(wasmBackend, 60);
  });
});

describe("simplifyGraph leaves less", () => {
  it("takes out dead code, and computes equal things once", () => {
    expect(left(simple((a) => ops.concat([ops.exp(a), ops.tanh(a)].slice(1)), x))).toEqual(["tanh"]);
    expect(left(simple((a) => ops.mul(ops.tanh(a), ops.tanh(a)), x))).toEqual(["tanh", "mul"]);
  });

  it("keeps constants apart that JSON would merge", () => {
    const f = (a: Tensor): Tensor => ops.add(ops.div(a, ops.full([], 0)), ops.div(a, ops.full([], -0)));
    expect(left(simple(f, x)).filter((name) => name === "div")).toHaveLength(2);
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const graph = simple((a) => ops.concat(values.map((v) => ops.mul(a, v))), x);
    expect(left(graph).filter((name) => name === "mul")).toHaveLength(3);
  });

  it.each<[string, (a: Tensor) => Tensor]>([
    ["x * 1", (a) => ops.mul(a, 1)],
    ["1 * x", (a) => ops.mul(1, a)],
    ["x / 1", (a) => ops.div(a, 1)],
    ["x - 0", (a) => ops.sub(a, 0)],
    ["x + -0", (a) => ops.add(a, -0)],
    ["-(-x)", (a) => ops.neg(ops.neg(a))],
    ["stopGradient(x)", (a) => ops.stopGradient(a)],
    ["transpose twice", (a) => ops.transpose(ops.transpose(a))],
    ["there and back", (a) => ops.reshape(ops.reshape(a, [3, 2]), [2, 3])],
    ["float32 by way of float64", (a) => ops.cast(ops.cast(a, "float64"), "float32")],
    ["where(true, x, y)", (a) => ops.where(ops.less(ops.full([], 1), 2), a, ops.exp(a))],
    [
      "customGradient of x",
      (a) =>
        customGradient(
          (b) => ops.mul(b, 1),
          (dy) => dy,
        )(a),
    ],
  ])("%s is x", (_name, f) => {
    const graph = simple(f, x);
    expect(left(graph)).toEqual([]);
    expect(graph.outputs).toEqual(graph.inputs);
  });

  it.each<[string, (a: Tensor) => Tensor]>([
    ["x + 0 (-0 becomes 0)", (a) => ops.add(a, 0)],
    ["x - -0 (-0 becomes 0)", (a) => ops.sub(a, -0)],
    ["x * 0 (NaN stays)", (a) => ops.mul(a, 0)],
    ["x - x (NaN stays)", (a) => ops.sub(a, a)],
    ["x / x (NaN stays)", (a) => ops.div(a, a)],
    ["float32 by way of int32", (a) => ops.cast(ops.cast(a, "int32"), "float32")],
  ])("%s is left alone", (_name, f) => {
    expect(left(simple(f, x)).length).toBeGreaterThan(0);
  });

  it("saturates a float64 on its way from int32 to uint8, so that chain stays", () => {
    const n = tensor([300], { dtype: "int32" });
    expect(left(simple((a) => ops.cast(ops.cast(a, "float64"), "uint8"), n))).toEqual(["cast", "cast"]);
    expect(left(simple((a) => ops.cast(ops.cast(a, "float64"), "float32"), n))).toEqual(["cast"]);
  });

  it("folds what IEEE rounds correctly, in the dtype's own rounding", () => {
    const third = simple(() => ops.broadcastTo(ops.div(ops.full([], 1), 3), [2, 2]));
    expect(left(third)).toEqual(["constant"]);
    expect(third.nodes[0]?.attrs).toEqual({ value: Math.fround(1 / 3), shape: [2, 2], dtype: "float32" });
    const wraps = simple(() => ops.mul(ops.full([], 2 ** 30, { dtype: "int32" }), 6));
    expect(wraps.nodes[0]?.attrs["value"]).toBe(-(2 ** 31));
    expect(left(simple(() => ops.exp(ops.full([], 1))))).toEqual(["constant", "exp"]);
  });

  it("makes one view of two", () => {
    expect(left(simple((a) => ops.transpose(a, [1, 2, 0]), ops.reshape(x, [1, 2, 3])))).toEqual(["reshape"]);
    const graph = simple(
      (a) => ops.transpose(ops.transpose(a, [1, 2, 0]), [1, 0, 2]),
      tensor(new Float32Array(24), { shape: [2, 3, 4] }),
    );
    expect(graph.nodes.at(-1)?.attrs).toEqual({ perm: [2, 1, 0] });
    expect(left(graph)).toEqual(["transpose"]);
    expect(left(simple((a) => ops.reshape(ops.reshape(a, [6]), [3, 2]), x))).toEqual(["reshape"]);
    expect(left(simple((a) => ops.broadcastTo(ops.broadcastTo(a, [2, 2]), [3, 2, 2]), d))).toEqual(["broadcast"]);
  });

  it("gives a product its operands as they are stored", () => {
    const graph = simple((a, b) => ops.matmul(ops.transpose(a), ops.transpose(b), { transposeB: true }), x, x);
    expect(left(graph)).toEqual(["matmul"]);
    expect(graph.nodes.at(-1)?.attrs).toEqual({ transposeA: true, transposeB: false });
  });

  it("forgets a variable that keeps its value, and one that nothing reads", () => {
    const [v, w] = [new Variable(d), new Variable(d)];
    const trace = new Trace();
    withTrace(trace, () => {
      v.assign(ops.mul(v.read(), 1));
      ops.exp(w.read());
    });
    const graph = simplified(trace.finish([]));
    expect([graph.variables, graph.nodes]).toEqual([[], []]);
  });
});

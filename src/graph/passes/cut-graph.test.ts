import { beforeAll, describe, expect, it } from "vitest";
import { EXACT, installReferenceEngine, runGraph } from "../../../test/support/reference-engine.ts";
import { TestHeap } from "../../../test/support/test-heap.ts";
import { wasmBackend } from "../../backends/wasm/wasm-backend.ts";
import { ops } from "../../ops/index.ts";
import { tensor } from "../../ops/tensor.ts";
import { type Dataflow, type Graph, nodeOf } from "../node.ts";
import type { Tensor } from "../tensor.ts";
import { Trace, withTrace } from "../trace.ts";
import { Variable } from "../variable.ts";
import { cutGraph } from "./cut-graph.ts";

beforeAll(() => {
  installReferenceEngine();
});

const x = tensor([[1, 2], [3, 4]]); // biome-ignore format: a matrix

function traced(f: (a: Tensor, cut: (name: string) => void) => Tensor[]): Graph {
  const trace = new Trace();
  const a = trace.input(x, "a");
  return withTrace(trace, () => trace.finish(f(a, (name) => trace.cut(name))));
}

const names = (nodes: readonly { readonly op: { readonly name: string } }[]): string[] =>
  nodes.map(({ op }) => op.name);
const producers = (graph: Dataflow): string[] => graph.outputs.map((y) => nodeOf(y)?.op.name ?? "value");

describe("cutGraph", () => {
  it("leaves a graph without cuts as it is", () => {
    const graph = traced((a) => [ops.exp(a)]);
    expect(cutGraph(graph)).toEqual([graph]);
    expect(cutGraph(graph)[0]).toBe(graph);
  });

  it("gives each part its nodes, and what later parts read or the graph gives as outputs", () => {
    const graph = traced((a, cut) => {
      const [b, c] = [ops.exp(a), ops.tanh(a)];
      cut("first");
      const d = ops.mul(b, c);
      cut("second");
      return [ops.add(d, b), c];
    });
    const parts = cutGraph(graph);
    expect(parts.map(({ nodes }) => names(nodes))).toEqual([["source", "exp", "tanh"], ["mul"], ["add"]]);
    expect(parts.map(producers)).toEqual([["exp", "tanh"], ["mul"], ["add"]]);
  });

  it("repeats views and constants where they are used, and never carries them", () => {
    const graph = traced((a, cut) => {
      const half = ops.broadcastTo(ops.full([], 0.5), [2, 2]);
      const row = ops.broadcastTo(ops.max(a, { axis: 0 }), [2, 2]);
      cut("here");
      return [ops.mul(ops.add(a, half), row)];
    });
    const [first, second] = cutGraph(graph) as [Dataflow, Dataflow];
    expect(names(second.nodes)).toEqual(["constant", "broadcast", "add", "broadcast", "mul"]);
    expect(producers(first)).toEqual(["max"]);
  });

  it("gives a variable's next value to the part that computes it", () => {
    const v = new Variable(x);
    const graph = traced((_a, cut) => {
      v.assign(ops.exp(v.read()));
      cut("here");
      return [ops.neg(v.read())];
    });
    expect(cutGraph(graph).map(({ variables }) => variables.length)).toEqual([1, 0]);
  });

  it("stores a constant once that two parts need in memory", () => {
    // It took another place in the second part, into which the first wrote while it held something else.
    const graph = traced((a, cut) => {
      const [bits, ones] = [ops.cast(a, "bool"), ops.full([2, 1], 0.1)];
      cut("here");
      return [ones, ops.neg(a), ops.matmul(ops.cast(bits, "float32"), ones, { transposeA: true })];
    });
    const zeros = tensor([[0, 0], [0, 0]]); // biome-ignore format: a matrix
    for (const once of [true, false]) {
      const compile = (g: Graph, heap: TestHeap) => wasmBackend.compile(g, heap, { once, kernels: EXACT });
      const backend = { ...wasmBackend, compile };
      const product = runGraph(backend, new TestHeap(), graph, [zeros])[2] as Tensor;
      expect(product.arraySync()).toEqual([[0], [0]]); // biome-ignore format: a matrix
    }
  });
});

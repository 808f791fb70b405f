import fc from "fast-check";
import { beforeAll, describe, it } from "vitest";
import { randomGraphs, type Sample, sameBits } from "../../../test/support/random-graphs.ts";
import { EXACT, installReferenceEngine, runGraph } from "../../../test/support/reference-engine.ts";
import { TestHeap } from "../../../test/support/test-heap.ts";
import type { Backend } from "../../backends/backend.ts";
import { wasmBackend } from "../../backends/wasm/wasm-backend.ts";
import { printGraph } from "../print-graph.ts";
import type { Tensor } from "../tensor.ts";
import { Trace } from "../trace.ts";

beforeAll(() => {
  installReferenceEngine();
});

/** The outputs of a graph with nothing fused or planned: each node is a program of its own. */
function nodeByNode(backend: Backend, heap: TestHeap, { graph, inputs }: Sample): Tensor[] {
  const values = new Map<Tensor, Tensor>(graph.inputs.map((symbol, i) => [symbol, inputs[i] as Tensor]));
  for (const { op, inputs: xs, attrs, outputs } of graph.nodes) {
    if (op.kind === "source") continue;
    const trace = new Trace();
    const symbols = xs.map((x, i) => trace.input(x, `x${i}`));
    const alone = trace.finish(trace.record(op, symbols, attrs, outputs));
    const results = runGraph(
      backend,
      heap,
      alone,
      xs.map((x) => values.get(x) as Tensor),
    );
    outputs.forEach((y, i) => {
      values.set(y, results[i] as Tensor);
    });
  }
  return graph.outputs.map((y) => values.get(y) as Tensor);
}

describe("fuseNodes and planMemory keep every bit of a graph run node by node", () => {
  it.each(["program", "kernel by kernel"])("on wasm, as a %s", (way) => {
    const heap = new TestHeap();
    const backend: Backend = {
      ...wasmBackend,
      compile: (graph, on) => wasmBackend.compile(graph, on, { once: way !== "program", kernels: EXACT }),
    };
    fc.assert(
      fc.property(randomGraphs, (sample) => {
        const want = nodeByNode(wasmBackend, heap, sample);
        runGraph(backend, heap, sample.graph, sample.inputs).forEach((y, i) => {
          if (!sameBits(y, want[i] as Tensor))
            throw new Error(`output ${i}: ${y} for ${want[i]}\n${printGraph(sample.graph)}`);
        });
      }),
      { numRuns: 100 },
    );
  });

  it.each([false, true])("on wasm, cut in three (kernel by kernel: %s)", (once) => {
    const heap = new TestHeap();
    const backend: Backend = {
      ...wasmBackend,
      compile: (graph, on) => wasmBackend.compile(graph, on, { once, kernels: EXACT }),
    };
    fc.assert(
      fc.property(randomGraphs, ({ graph, inputs }) => {
        const [a, b] = [1, 2].map((third) => Math.floor((graph.nodes.length * third) / 3)) as [number, number];
        const cuts = [{ name: "a", at: a }, { name: "b", at: b }]; // biome-ignore format: a list
        const want = runGraph(backend, heap, graph, inputs);
        runGraph(backend, heap, { ...graph, cuts }, inputs).forEach((y, i) => {
          const text = `output ${i}: ${y} for ${want[i]}\n${printGraph({ ...graph, cuts })}`;
          if (!sameBits(y, want[i] as Tensor)) throw new Error(text);
        });
      }),
      { numRuns: 100 },
    );
  });
});

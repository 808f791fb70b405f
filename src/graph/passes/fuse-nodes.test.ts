import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { arbitraryProgram, runRandomProgram } from "../../../test/support/random-programs.ts";
import { installReferenceEngine } from "../../../test/support/reference-engine.ts";
import { acceptsFusion } from "../../backends/wasm/step.ts";
import { ops } from "../../ops/index.ts";
import { type Graph, graphResults, nodeOf } from "../node.ts";
import type { Tensor } from "../tensor.ts";
import { Trace, withTrace } from "../trace.ts";
import { Variable } from "../variable.ts";
import { fuseNodes } from "./fuse-nodes.ts";
import type { Kernel } from "./kernel.ts";
import { rootOf } from "./plan-memory.ts";

beforeAll(() => {
  installReferenceEngine();
});

const accepts = acceptsFusion;

function graphOf(shapes: readonly (readonly number[])[], body: (...xs: Tensor[]) => readonly Tensor[]): Graph {
  const trace = new Trace();
  const inputs = shapes.map((shape, i) => trace.input({ shape, dtype: "float32" }, `x${i}`));
  return trace.finish([...withTrace(trace, () => body(...inputs))]);
}

function fused(shapes: readonly (readonly number[])[], body: (...xs: Tensor[]) => readonly Tensor[]): Kernel[] {
  return fuseNodes(graphOf(shapes, body), { accepts });
}

const kinds = (kernels: readonly Kernel[]): string[] => kernels.map((k) => (k.kind === "op" ? k.node.op.name : k.kind));

/** Every kernel reads sources and what kernels before it gave, and every result is given by one kernel. */
function expectOrder(graph: Graph, kernels: readonly Kernel[]): void {
  const given = new Set<Tensor>();
  const isSource = (x: Tensor): boolean => nodeOf(x)?.op.kind === "source";
  for (const kernel of kernels) {
    for (const x of kernel.inputs)
      expect(isSource(rootOf(x)) || given.has(rootOf(x)), "reads what is not there yet").toBe(true);
    for (const x of kernel.outputs) {
      expect(given.has(x), "computed twice").toBe(false);
      given.add(x);
    }
  }
  for (const x of graphResults(graph))
    expect(isSource(rootOf(x)) || given.has(rootOf(x)), "a result is missing").toBe(true);
}

describe("fuseNodes", () => {
  it("puts every kernel behind what it reads, in random programs", () => {
    const property = fc.property(arbitraryProgram(20), (program) => {
      const variables = [[3, 5], [3, 5], [5], []].map((shape) => new Variable(ops.zeros(shape)));
      const graph = graphOf([[3, 5], [5], [], [3, 5], [2, 3, 5], [4, 4]], (...xs) =>
        runRandomProgram(program, xs, variables),
      );
      expectOrder(graph, fuseNodes(graph, { accepts }));
    });
    fc.assert(property, { seed: 12, numRuns: 150 });
  });

  it("makes one kernel of a chain, with rows, constants and siblings in it", () => {
    const kernels = fused([[3, 5], [5]], (x, row) => {
      const y = ops.tanh(ops.add(ops.mul(x, 2), row));
      return [ops.exp(y), ops.sub(1, ops.square(y))];
    });
    expect(kinds(kernels)).toEqual(["map"]);
    expect(kernels[0]?.outputs).toHaveLength(2);
    expect(kernels[0]?.inputs).toHaveLength(2);
  });

  it("gives a reduction what only it reads", () => {
    expect(kinds(fused([[3, 5]], (x) => [ops.sum(ops.square(x), { axis: 1 })]))).toEqual(["reduce"]);
    const twice = fused([[3, 5]], (x) => {
      const y = ops.square(x);
      return [ops.sum(y, { axis: 1 }), ops.max(y, { axis: 0 })];
    });
    expect(kinds(twice)).toEqual(["map", "reduce", "reduce"]);
  });

  it("keeps apart what would read its own result through another kernel", () => {
    const kernels = fused([[3, 3]], (x) => {
      const y = ops.tanh(x);
      return [ops.add(y, ops.matmul(y, y))];
    });
    expect(kinds(kernels)).toEqual(["map", "matmul", "map"]);
  });

  it("joins through stopGradient, and not through memory read under another shape", () => {
    const stopped = fused([[3, 4]], (x) => {
      const y = ops.tanh(x);
      return [ops.add(y, ops.stopGradient(y))];
    });
    expect(kinds(stopped)).toEqual(["map"]);
    const back = (x: Tensor): readonly Tensor[] => {
      const y = ops.tanh(x);
      return [ops.add(y, ops.reshape(ops.reshape(y, [12]), [3, 4]))];
    };
    const graph = graphOf([[3, 4]], back);
    const kernels = fuseNodes(graph, { accepts });
    expect(kinds(kernels)).toEqual(["map", "map"]);
    expectOrder(graph, kernels);
  });

  it("stores a view whose sum would otherwise be in another order", () => {
    expect(kinds(fused([[4, 5]], (x) => [ops.sum(ops.slice(x, null, [0, 3]))]))).toEqual(["map", "reduce"]);
    expect(kinds(fused([[4, 5]], (x) => [ops.sum(ops.slice(x, null, [0, 3]), { axis: 1 })]))).toEqual(["reduce"]);
  });

  it("halves a kernel that has more inputs than a function has parameters", () => {
    const shapes = Array.from({ length: 500 }, () => [3, 5]);
    const graph = graphOf(shapes, (...xs) => {
      const [first, ...rest] = xs.map((x) => ops.transpose(ops.reshape(x, [5, 3])));
      return [rest.reduce((a, b): Tensor => ops.add(a, b), first as Tensor)];
    });
    const kernels = fuseNodes(graph, { accepts });
    expectOrder(graph, kernels);
    for (const kernel of kernels) if (kernel.kind === "map") expect(accepts(kernel)).toBe(true);
  });

  it("has nothing to do for a graph of sources", () => {
    expect(fused([[3]], (x) => [x, x])).toEqual([]);
  });
});

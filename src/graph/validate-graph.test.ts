import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { InternalError } from "../core/errors.ts";
import { addOp } from "../ops/add.ts";
import { ops } from "../ops/index.ts";
import { reshapeOp } from "../ops/reshape.ts";
import { tensor } from "../ops/tensor.ts";
import { type Graph, Node, nodeOf } from "./node.ts";
import type { Op } from "./op.ts";
import { Trace, withTrace } from "./trace.ts";
import { validateGraph } from "./validate-graph.ts";
import { Variable } from "./variable.ts";

beforeAll(() => {
  installReferenceEngine();
});

function sample(): Graph {
  const v = new Variable(tensor([1, 2, 3]), { name: "v" });
  const trace = new Trace();
  const x = trace.input({ shape: [3], dtype: "float32" }, "x");
  return withTrace(trace, () => {
    v.assign(ops.add(v.read(), x));
    return trace.finish([ops.exp(ops.add(x, tensor([1, 2, 3])))]);
  });
}

describe("validateGraph", () => {
  const broken = (change: (graph: Graph) => Partial<Graph>, message: string): void => {
    const graph = sample();
    const wrong = { ...graph, ...change(graph) };
    expect(() => validateGraph(wrong, "test pass")).toThrow(InternalError);
    expect(() => validateGraph(wrong, "test pass")).toThrow(message);
  };

  it("gives a sound graph back", () => {
    const graph = sample();
    expect(validateGraph(graph, "test")).toBe(graph);
  });

  it("wants each node after its inputs", () => {
    broken(({ nodes }) => ({ nodes: nodes.toReversed() }), "input 0 is not computed before, at: %0 = exp(%1)");
  });

  it("wants each node once", () => {
    broken(({ nodes }) => ({ nodes: [...nodes, nodes[0] as Node] }), "a node stands twice");
  });

  it("wants no nodes from elsewhere", () => {
    const [foreign] = sample().outputs;
    broken(({ nodes }) => {
      const [x] = (nodes.at(-1) as Node).inputs;
      return { nodes: [...nodes, new Node(addOp, [x, foreign] as never, {}, [{ shape: [3], dtype: "float32" }])] };
    }, "test pass: input 1 is not computed before, at: %6 = add(%4, %elsewhere:exp)  # (3,) float32");
  });

  it("wants no values in place of sources", () => {
    broken(({ nodes }) => {
      const exp = nodes.at(-1) as Node;
      return { nodes: [...nodes, new Node(exp.op, [tensor([1, 2, 3])], {}, exp.outputs)] };
    }, "%6 = exp(%value)");
  });

  it("wants the specs that ops infer", () => {
    broken(({ nodes, outputs }) => {
      const wrong = new Node(reshapeOp as Op, outputs, { shape: [3, 1] }, [{ shape: [1, 3], dtype: "float32" }]);
      return { nodes: [...nodes, wrong] };
    }, "output 0 is inferred as (3, 1) float32, at: %6 = reshape(%5)  # (1, 3) float32");
    broken(({ nodes, outputs }) => {
      const wrong = new Node(reshapeOp as Op, outputs, { shape: [7] }, [{ shape: [7], dtype: "float32" }]);
      return { nodes: [...nodes, wrong] };
    }, "the op refuses its inputs (reshape: 3 values of shape (3,) do not fill (7,), 7 values.");
  });

  it("wants a value for every source, and a source for every value", () => {
    broken(() => ({ captured: [] }), "a source has no value, at: %3 = source");
    broken(({ nodes }) => ({ nodes: nodes.slice(1), outputs: [] }), "input 1 is not computed before");
    broken(
      ({ outputs, nodes }) => ({ nodes: nodes.filter((node) => node !== nodeOf(outputs[0] as never)) }),
      "the output (3,) float32 is not computed in the graph",
    );
  });

  it("wants variables to keep shape and dtype", () => {
    broken(({ variables: [use], nodes }) => {
      const wide = new Node(reshapeOp as Op, [(use as Graph["variables"][number]).before], { shape: [1, 3] }, [
        { shape: [1, 3], dtype: "float32" },
      ]);
      return {
        nodes: [...nodes, wide],
        variables: [{ ...(use as Graph["variables"][number]), after: wide.outputs[0] as never }],
      };
    }, 'variable "v" is (3,) float32, its value (1, 3) float32');
  });
});

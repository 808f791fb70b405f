import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { TraceError } from "../core/errors.ts";
import { ops } from "../ops/index.ts";
import { tensor } from "../ops/tensor.ts";
import { nodeOf } from "./node.ts";
import { printGraph } from "./print-graph.ts";
import { currentScope, withScope } from "./scope.ts";
import type { Tensor } from "./tensor.ts";
import { currentTrace, Trace, withTrace } from "./trace.ts";
import { Variable } from "./variable.ts";

beforeAll(() => {
  installReferenceEngine();
});

const x = tensor([1, 2, 3]);
const names = (trace: Trace): string[] => trace.finish([]).nodes.map(({ op }) => op.name);

describe("Trace", () => {
  it("records ops instead of running them, and captures a tensor once", () => {
    const trace = new Trace();
    const y = withTrace(trace, () => ops.add(ops.mul(x, x), x));
    expect(names(trace)).toEqual(["source", "mul", "add"]);
    expect(nodeOf(y)?.op.name).toBe("add");
    expect(trace.finish([y]).captured.map(({ value }) => value)).toEqual([x]);
  });

  it("stands a source for an output that it has not seen before", () => {
    const { captured, outputs, nodes } = new Trace().finish([x]);
    expect(captured).toEqual([{ value: x, symbol: outputs[0] }]);
    expect(nodes).toHaveLength(1);
  });

  it("gives a graph that stays as it is when the trace goes on", () => {
    const trace = new Trace();
    const graph = trace.finish([withTrace(trace, () => ops.exp(x))]);
    const before = printGraph(graph);
    withTrace(trace, () => {
      ops.neg(trace.input(x, "late"));
      trace.cut("late");
      trace.tap("late", x);
    });
    expect(printGraph(graph)).toBe(before);
    expect([graph.cuts, graph.taps?.size]).toEqual([[], 0]);
  });

  it("ends with its body, though that throws", () => {
    expect(() =>
      withTrace(new Trace(), () => {
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(currentTrace()).toBe(null);
  });

  it("refuses tensors of another trace, an outer one's too", () => {
    const outer = new Trace();
    withTrace(outer, () => {
      const kept = ops.exp(x);
      expect(() => withTrace(new Trace(), () => ops.add(kept, 1))).toThrow(TraceError);
      expect(() => withTrace(new Trace(), () => ops.add(kept, 1))).toThrow('it came from "exp"');
    });
  });

  it("marks points and values: cuts by their place, taps by a name of their own", () => {
    const trace = new Trace();
    withTrace(trace, () => {
      const y = ops.exp(x);
      trace.tap("y", y);
      trace.tap("y", ops.neg(y));
      trace.cut("half");
      ops.neg(y);
    });
    const graph = trace.finish([]);
    expect(graph.cuts).toEqual([{ name: "half", at: 3 }]);
    expect([...(graph.taps ?? [])].map(([name, value]) => [name, nodeOf(value)?.op.name])).toEqual([
      ["y", "exp"],
      ["y#2", "neg"],
    ]);
    expect(printGraph(graph)).toContain("%2 = neg(%1)     # (3,) float32\n--- half ---\n%3 = neg(%1)");
  });
});

describe("Variables in a trace", () => {
  it("read as what was assigned last, and change when the program runs, not before", () => {
    const v = new Variable(x);
    const trace = new Trace();
    const [first, second] = withTrace(trace, () => {
      const before = v.read();
      v.assign(ops.exp(before));
      return [before, v.read()] as [Tensor, Tensor];
    });
    expect([nodeOf(first)?.op.name, nodeOf(second)?.op.name]).toEqual(["source", "exp"]);
    expect(trace.finish([]).variables).toEqual([{ variable: v, before: first, after: second }]);
    expect(v.read().arraySync()).toEqual([1, 2, 3]);
    expect(trace.variables).toEqual([v]);
  });

  it("that are only read stay as they are", () => {
    const v = new Variable(x);
    const trace = new Trace();
    withTrace(trace, () => {
      v.assign(v.read());
    });
    expect(trace.finish([]).variables[0]?.after).toBe(null);
  });

  it("are not assigned where the trace may not", () => {
    const v = new Variable(x, { name: "count" });
    const body = new Trace({ assignable: false });
    expect(() => withTrace(body, () => v.assign(ops.neg(v.read())))).toThrow(TraceError);
    expect(() => withTrace(body, () => v.assign(x))).toThrow(
      'variable "count" was assigned inside the body of scan or cond. Carry the value and assign it after the loop.',
    );
  });

  it("give way to what stands in for them, of another dtype even", () => {
    const v = new Variable(x);
    const trace = new Trace();
    const value = trace.input({ shape: [3], dtype: "float64" }, "v");
    const y = withTrace(trace, () => {
      trace.standIn(v, value);
      const doubled = ops.mul(v.read(), 2);
      v.assign(ops.cast(doubled, "float32"));
      return v.read();
    });
    expect(printGraph(trace.finish([y]))).not.toContain("becomes");
    expect(nodeOf(y)?.op.name).toBe("cast");
    expect(nodeOf(nodeOf(y)?.inputs[0] as Tensor)?.inputs[0]).toBe(value);
  });
});

describe("withScope", () => {
  it("names the nodes made inside, as a path, and ends when its body throws", () => {
    const trace = new Trace();
    const [a, b] = withTrace(trace, () =>
      withScope("encoder", () => [ops.exp(x), withScope("dense", () => ops.neg(x))]),
    );
    expect([nodeOf(a as Tensor)?.scope, nodeOf(b as Tensor)?.scope]).toEqual(["encoder", "encoder/dense"]);
    expect(() =>
      withScope("a", () => {
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(currentScope()).toBe("");
  });
});

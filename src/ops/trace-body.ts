// tested by src/ops/scan.test.ts
import { Body } from "../graph/body.ts";
import type { Graph } from "../graph/node.ts";
import type { Spec } from "../graph/op.ts";
import { simplifyGraph } from "../graph/passes/simplify-graph.ts";
import type { Tensor } from "../graph/tensor.ts";
import { currentTrace, Trace, withTrace } from "../graph/trace.ts";
import { constantOp } from "./constant.ts";

/** A graph of inputs and nodes alone as a body, simplified. */
export function simpleBody(graph: Graph): Body {
  const { inputs, nodes, outputs } = simplifyGraph(graph, constantOp);
  return new Body({ inputs, captured: [], variables: [], nodes, outputs });
}

/** A traced body; behind its own inputs it has one for each tensor that `f` reads from outside. */
export interface TracedBody {
  readonly body: Body;
  readonly captured: readonly Tensor[];
}

/** Traces `f` on inputs of these specs; what it reads from around it, Variables too, becomes further inputs. */
export function traceBody(specs: readonly Spec[], f: (xs: readonly Tensor[]) => readonly Tensor[]): TracedBody {
  const trace = new Trace({ assignable: false, outer: currentTrace() });
  const xs = specs.map((spec, i) => trace.input(spec, `x${i}`));
  const graph = trace.finish(withTrace(trace, () => f(xs)));
  const symbols = graph.captured.map(({ symbol }) => symbol);
  const body = simpleBody({ ...graph, inputs: [...graph.inputs, ...symbols], captured: [] });
  return withoutUnread(body, specs.length, graph.captured.map(({ value }) => value)); // biome-ignore format: one line
}

/** Drops the inputs from `first` on that nothing reads, with the tensors that are given for them. */
export function withoutUnread({ graph, reads }: Body, first: number, given: readonly Tensor[]): TracedBody {
  const inputs = graph.inputs.filter((_, i) => i < first || reads[i]);
  const dropped = new Set(graph.inputs.filter((x) => !inputs.includes(x)));
  const nodes = graph.nodes.filter((node) => !node.outputs.some((x) => dropped.has(x)));
  return { body: new Body({ ...graph, inputs, nodes }), captured: given.filter((_, i) => reads[first + i]) };
}

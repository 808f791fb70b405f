import { executor } from "../graph/executor.ts";
import type { Graph } from "../graph/node.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";
import { currentTrace, Trace, withTrace } from "../graph/trace.ts";
import { engine } from "./engine.ts";
import { prepareGraph } from "./prepare-graph.ts";
import { runExecutable } from "./run-executable.ts";

/** Computes a graph without inputs, kernel by kernel; its Variables are updated. Gives its outputs. */
export function runOnce(graph: Graph): Tensor[] {
  const simple = prepareGraph(graph);
  const current = engine();
  const executable = current.compile(simple, { once: true });
  const given = simple.captured.map(({ value: { shape, dtype }, value }) => ({
    shape,
    dtype,
    values: executor().readSync(value),
  }));
  const homes = simple.variables.map((use) => use.variable["~home"].address);
  const results = runExecutable(current, executable, given, homes, simple.outputs);
  return simple.outputs.map(({ shape, dtype }, i) => hostTensor(results[i], shape, dtype));
}

/**
 * Runs ops as one graph rather than one by one: fused, and compiled together. In a trace they are simply part of it.
 * Gives what the body returns.
 */
export function together(body: () => Tensor[]): Tensor[] {
  if (currentTrace() !== null) return body();
  const trace = new Trace();
  const outputs = withTrace(trace, body);
  return runOnce(trace.finish(outputs));
}

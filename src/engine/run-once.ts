import { BYTES } from "../core/dtype.ts";
import { sizeOf } from "../core/shape.ts";
import { executor } from "../graph/executor.ts";
import type { Graph } from "../graph/node.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";
import { currentTrace, Trace, withTrace } from "../graph/trace.ts";
import { engine } from "./engine.ts";
import { prepareGraph } from "./prepare-graph.ts";

const ALIGN = 64;

/** Computes a graph without inputs, kernel by kernel; its Variables are updated. Gives its outputs. */
export function runOnce(graph: Graph): Tensor[] {
  const simple = prepareGraph(graph);
  const current = engine();
  const executable = current.backend.compile(simple, current.heap, { once: true });
  const values = simple.captured.map(({ value }) => executor().readSync(value));
  const offsets: number[] = [];
  let end = executable.arenaBytes;
  simple.captured.forEach(({ value }, i) => {
    end = Math.ceil(end / ALIGN) * ALIGN;
    offsets.push(end);
    end += values[i].length * BYTES[value.dtype as keyof typeof BYTES] + 16;
  });
  const arena = current.arena(end);
  const bases = [
    arena,
    ...offsets.map((offset) => arena + offset),
    ...simple.variables.map((use) => use.variable["~home"].address),
  ];
  simple.captured.forEach(({ value }, i) => {
    current.heap.view(value.dtype, bases[i + 1], values[i].length).set(values[i]);
  });
  executable.bind(bases)();
  return simple.outputs.map((x, i) => {
    const { base, offset } = executable.outputs[i];
    return hostTensor(current.heap.view(x.dtype, bases[base] + offset, sizeOf(x.shape)).slice(), x.shape, x.dtype);
  });
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

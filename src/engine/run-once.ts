import { allocate, type DType, isFloat } from "../core/dtype.ts";
import type { Shape } from "../core/shape-types.ts";
import { executor } from "../graph/executor.ts";
import type { Graph } from "../graph/node.ts";
import type { Attrs, Op } from "../graph/op.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";
import { currentTrace, Trace, withTrace } from "../graph/trace.ts";
import { ROUND } from "../ir/arithmetic.ts";
import { constantOp } from "../ops/constant.ts";
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

interface TogetherOptions {
  /** Numbers are read from memory, so that other numbers run the same code; what ops make of a number they know is lost. */
  readonly numbersAsData?: boolean;
}

/**
 * Runs ops as one graph rather than one by one: fused, and compiled together. In a trace they are simply part of it.
 * Gives what the body returns.
 */
export function together(body: () => Tensor[], { numbersAsData = false }: TogetherOptions = {}): Tensor[] {
  if (currentTrace() !== null) return body();
  const trace = new Trace(numbersAsData ? { assignable: true, capture: numberOf } : undefined);
  const outputs = withTrace(trace, body);
  return runOnce(trace.finish(outputs));
}

/** The value of a float that ops were given as a plain number. */
function numberOf(op: Op, { value, shape, dtype }: Attrs): Tensor | null {
  if (op !== (constantOp as Op) || (shape as Shape).length > 0 || !isFloat(dtype as DType)) return null;
  const rounded = ROUND[dtype as DType](value as number);
  return hostTensor(allocate(dtype as DType, 1).fill(rounded), [], dtype as DType);
}

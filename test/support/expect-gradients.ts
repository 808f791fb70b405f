import { expect } from "vitest";
import { backward } from "../../src/autodiff/backward.ts";
import { referenceBackend } from "../../src/backends/reference/reference-backend.ts";
import { threefry } from "../../src/core/random-key.ts";
import { sizeOf } from "../../src/core/shape.ts";
import { hostTensor, type Tensor } from "../../src/graph/tensor.ts";
import { currentTrace, Trace, withTrace } from "../../src/graph/trace.ts";
import { add, identity, mul, ones, sum } from "../../src/ops/index.ts";
import { runGraph, valuesOf } from "./reference-engine.ts";
import { TestHeap } from "./test-heap.ts";

type Function = (...xs: Tensor[]) => Tensor;

/** Values that repeat from run to run, between -1 and 1, and not near 0. */
export function sample(shape: readonly number[], seed = 0): Tensor {
  const values = Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
    const [word] = threefry([seed, 0], [i, 0]);
    return (word / 2 ** 32) * 0.9 * (word % 2 === 0 ? 1 : -1) + (word % 2 === 0 ? 0.1 : -0.1);
  });
  return hostTensor(values, shape, "float64");
}

/** df/dx for each x, in the trace that is open; f gives one number. */
function gradientsIn(f: Function, xs: readonly Tensor[]): Tensor[] {
  const trace = currentTrace();
  if (trace === null) throw new Error("no trace is open");
  const from = trace.length;
  const names = xs.map((x): Tensor => identity(x));
  const y = trace.lift(f(...names));
  const nodes = Array.from({ length: trace.length - from }, (_, i) => trace.node(from + i));
  const found = backward(nodes, [y], [ones(y.shape, { dtype: y.dtype })], names);
  return found.map((dx, i) => dx ?? mul(xs[i], 0));
}

function run(f: (xs: readonly Tensor[]) => Tensor[], xs: readonly Tensor[]): Tensor[] {
  const trace = new Trace();
  const inputs = xs.map((x, i) => trace.input(x, `x${i}`));
  const outputs = withTrace(trace, () => f(inputs));
  return runGraph(referenceBackend, new TestHeap(), trace.finish(outputs), xs);
}

/** df/dx for each x, as numbers; f gives one number. */
export function gradients(f: Function, ...xs: Tensor[]): Tensor[] {
  return run((inputs) => gradientsIn(f, inputs), xs);
}

const dot = (xs: readonly Tensor[], ys: readonly Tensor[]): Tensor =>
  xs.map((x, i): Tensor => sum(mul(x, ys[i]))).reduce((a, b) => add(a, b));

/**
 * Compares gradients with central differences along one random direction, to order 2: the second order differentiates
 * the first along another direction. The inputs are float64.
 */
export function expectGradients(f: Function, xs: readonly Tensor[], order = 2): void {
  const [y] = run((inputs) => [f(...inputs)], xs);
  const weights = sample(y.shape, 100 + order);
  const scalar: Function = (...inputs) => sum(mul(f(...inputs), weights));
  const directions = xs.map((x, i) => sample(x.shape, 200 + 10 * order + i));
  const [slope] = run((inputs) => [dot(gradientsIn(scalar, inputs), directions)], xs);
  const at = (t: number): number => {
    const moved = xs.map((x, i) => {
      const u = valuesOf(directions[i]);
      return hostTensor(
        Float64Array.from(valuesOf(x), (value, k) => value + t * u[k]),
        x.shape,
        "float64",
      );
    });
    return valuesOf(run((inputs) => [scalar(...inputs)], moved)[0])[0];
  };
  const step = 1e-5;
  const expected = (at(step) - at(-step)) / (2 * step);
  const got = valuesOf(slope)[0];
  expect(Math.abs(got - expected), `order ${3 - order}: ${got} against ${expected}`).toBeLessThan(
    1e-6 * Math.max(1, Math.abs(expected)),
  );
  if (order > 1) expectGradients((...inputs) => dot(gradientsIn(scalar, inputs), directions), xs, order - 1);
}

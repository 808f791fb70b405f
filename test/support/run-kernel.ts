import { joiner } from "../../src/backends/reference/combine.ts";
import { NATIVE_MATHS } from "../../src/backends/reference/native-maths.ts";
import { moduleFor } from "../../src/backends/wasm/kernel-module.ts";
import { exactProfile } from "../../src/backends/wasm/kernel-profile.ts";
import { type Step, stepOf } from "../../src/backends/wasm/step.ts";
import { allocate, BYTES, type DType, type TypedArray } from "../../src/core/dtype.ts";
import { type Shape, sizeOf, stridesOf } from "../../src/core/shape.ts";
import { EngineHeap } from "../../src/engine/heap.ts";
import type { MapKernel, ReduceKernel } from "../../src/graph/passes/kernel.ts";
import type { Place } from "../../src/graph/passes/plan-memory.ts";
import { hostTensor, type Tensor } from "../../src/graph/tensor.ts";
import { evaluator } from "../../src/ir/evaluate.ts";
import type { Combine, Expr } from "../../src/ir/expr.ts";

const heap = new EngineHeap({ shared: false, maximumBytes: 2 ** 26 });

export function values(dtype: DType, list: readonly number[], shape: Shape = [list.length]): Tensor {
  const array = allocate(dtype, list.length);
  array.set(list);
  return hostTensor(array, shape, dtype);
}

function blank(dtype: DType, shape: Shape): Tensor {
  return hostTensor(allocate(dtype, sizeOf(shape)), shape, dtype);
}

/** An elementwise kernel of these bodies. */
export function mapKernel(shape: Shape, inputs: readonly Tensor[], bodies: readonly Expr[]): MapKernel {
  return { kind: "map", shape, inputs, bodies, outputs: bodies.map((body) => blank(body.dtype, shape)) };
}

/** A reduction of the axes from..from + count - 1 of `space`. */
export function reduceKernel(
  space: Shape,
  from: number,
  count: number,
  combine: Combine,
  inputs: readonly Tensor[],
  body: Expr,
): ReduceKernel {
  const dtype = combine === "argmax" ? "int32" : body.dtype;
  const outputs = [blank(dtype, space.toSpliced(from, count))];
  return { kind: "reduce", space, from, count, combine, inputs, outputs, bodies: [body] };
}

const GUARD = 64;

/** Runs a kernel as WebAssembly. Nothing around its outputs may change. */
export function runKernel(kernel: MapKernel | ReduceKernel): TypedArray[] {
  const step = stepOf(kernel, exactProfile);
  const bytesOf = (x: Tensor): number => x.size * BYTES[x.dtype as DType];
  const inputs = kernel.inputs.map((x) => heap.allocate(bytesOf(x) + 16));
  const outputs = kernel.outputs.map((x) => heap.allocate(bytesOf(x) + 2 * GUARD));
  kernel.inputs.forEach((x, i) => {
    heap.view(x.dtype, inputs[i] as number, x.size).set(x.dataSync());
  });
  kernel.outputs.forEach((x, i) => {
    heap.view("uint8", outputs[i] as number, bytesOf(x) + 2 * GUARD).fill(0xa5);
  });
  if (step !== null)
    call(
      step,
      inputs,
      outputs.map((address) => address + GUARD),
    );
  const results = kernel.outputs.map((x, i) => {
    const whole = heap.view("uint8", outputs[i] as number, bytesOf(x) + 2 * GUARD);
    const around = [...whole.subarray(0, GUARD), ...whole.subarray(GUARD + bytesOf(x))];
    if (around.some((byte) => byte !== 0xa5)) throw new Error(`a kernel wrote beside its output ${i}`);
    return heap.view(x.dtype, (outputs[i] as number) + GUARD, x.size).slice();
  });
  for (const address of [...inputs, ...outputs]) heap.free(address);
  return results;
}

function call(step: Step, inputs: readonly number[], outputs: readonly number[]): void {
  const module = moduleFor(heap);
  step.emit?.(module.func([...step.params], [], "run"), new Map());
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { env: { memory: heap.memory } });
  const places = (list: readonly number[]): Place[] => list.map((offset) => ({ base: 0, offset }));
  const args = step.args(places(inputs), places(outputs), { base: 0, offset: 0 });
  (instance.exports["run"] as (...args: number[]) => void)(
    ...args.map((arg) => (typeof arg === "number" ? arg : arg.offset)),
  );
}

/** The same by ir/evaluate: element by element. */
export function evaluateKernel(kernel: MapKernel | ReduceKernel): number[][] {
  const space = kernel.kind === "map" ? kernel.shape : kernel.space;
  const at = space.map(() => 0);
  const load = (input: number, index: readonly number[]): number => {
    const { shape } = kernel.inputs[input] as Tensor;
    const strides = stridesOf(shape);
    return (kernel.inputs[input] as Tensor).dataSync()[
      index.reduce((sum, i, axis) => sum + i * (strides[axis] as number), 0)
    ];
  };
  return kernel.bodies.map((body) => {
    const value = evaluator(body, { index: at, range: [], load, maths: NATIVE_MATHS });
    if (kernel.kind === "map") return each(space, [], at, value);
    const reduced = space.map((_, axis) => axis).slice(kernel.from, kernel.from + kernel.count);
    const join = joiner(kernel.combine, body.dtype);
    return each(space, reduced, at, () => {
      join.start(null);
      const kept = space.map((_, axis) => axis).filter((axis) => !reduced.includes(axis));
      for (const x of each(space, kept, at, value)) join.take(x);
      return join.result();
    });
  });
}

/** f at every place of a space, the axes in `fixed` left as they are. */
function each(space: Shape, fixed: readonly number[], at: number[], f: () => number): number[] {
  const results: number[] = [];
  const walk = (axis: number): void => {
    if (axis === space.length) results.push(f());
    else if (fixed.includes(axis)) walk(axis + 1);
    else {
      for (let i = 0; i < (space[axis] as number); i++) {
        at[axis] = i;
        walk(axis + 1);
      }
    }
  };
  walk(0);
  return results;
}

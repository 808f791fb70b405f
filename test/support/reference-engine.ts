import type { Backend, Heap, KernelChoice } from "../../src/backends/backend.ts";
import { referenceBackend } from "../../src/backends/reference/reference-backend.ts";
import { BYTES, type DType, type TypedArray } from "../../src/core/dtype.ts";
import { TraceError } from "../../src/core/errors.ts";
import { shapeText, sizeOf } from "../../src/core/shape.ts";
import { type Executor, installExecutor } from "../../src/graph/executor.ts";
import type { Graph, Node } from "../../src/graph/node.ts";
import { hostTensor, type Tensor } from "../../src/graph/tensor.ts";
import { Trace } from "../../src/graph/trace.ts";
import { TestHeap } from "./test-heap.ts";

/** Kernels whose bits are the same everywhere. */
export const EXACT: KernelChoice = { profile: "exact", wide: false };

/** The values of a tensor that has been computed. */
export function valuesOf(x: Tensor): TypedArray {
  const source = x["~source"];
  if (source.kind === "host") return source.array;
  throw new TraceError(
    `the output of "${source.node.op.name}" ${shapeText(x.shape)} has no value yet: it is being traced.`,
  );
}

/**
 * Runs a graph once on a backend: `inputs` in the order of graph.inputs; captured tensors and Variables are found by
 * themselves, and Variables are updated in place.
 */
export function runGraph(backend: Backend, heap: Heap, graph: Graph, inputs: readonly Tensor[]): Tensor[] {
  const program = backend.compile(graph, heap, { once: true, kernels: EXACT });
  const arena = heap.allocate(program.arenaBytes);
  const given = [...inputs, ...graph.captured.map((c) => c.value)];
  const addresses = given.map((x) => place(heap, x));
  const bases = [arena, ...addresses, ...graph.variables.map((use) => use.variable["~home"].address)];
  program.bind(bases)();
  const results = graph.outputs.map((x, i) => {
    const { base, offset } = program.outputs[i];
    return hostTensor(heap.view(x.dtype, bases[base] + offset, sizeOf(x.shape)).slice(), x.shape, x.dtype);
  });
  for (const address of [arena, ...addresses]) heap.free(address);
  return results;
}

/** A copy of a tensor's values in the heap. */
function place(heap: Heap, x: Tensor): number {
  const address = heap.allocate(x.size * BYTES[x.dtype as DType]);
  heap.view(x.dtype, address, x.size).set(valuesOf(x));
  return address;
}

/** The graph of one application of an op, its inputs in order (one that is given twice counts twice). */
function graphOf(node: Node): Graph {
  const trace = new Trace();
  const inputs = node.inputs.map((x, i) => trace.input(x, `x${i}`));
  return trace.finish(trace.record(node.op, inputs, node.attrs, node.outputs));
}

/** An executor that runs every op at once on `backend`; lazy ops too. */
export function eagerExecutor(backend: Backend, heap: Heap): Executor {
  return {
    run: (node) => {
      const results = runGraph(backend, heap, graphOf(node), node.inputs);
      node.outputs.forEach((output, i) => {
        output["~settle"](valuesOf(results[i]));
      });
    },
    read: (x) => Promise.resolve(valuesOf(x)),
    readSync: valuesOf,
    print: (x) => `[${[...valuesOf(x)].join(", ")}], shape=${shapeText(x.shape)}, dtype=${x.dtype}`,
    createVariable: (_variable, initial) => ({ address: place(heap, initial) }),
    readVariable: (v) => hostTensor(heap.view(v.dtype, v["~home"].address, v.size).slice(), v.shape, v.dtype),
    writeVariable: (v, value) => {
      heap.view(v.dtype, v["~home"].address, v.size).set(valuesOf(value));
    },
  };
}

/** Makes eager code run on the reference backend, for tests of ops, gradients and traces. Returns its heap. */
export function installReferenceEngine(): TestHeap {
  const heap = new TestHeap();
  installExecutor(eagerExecutor(referenceBackend, heap));
  return heap;
}

import { BYTES, type TypedArray } from "../../core/dtype.ts";
import { InternalError } from "../../core/errors.ts";
import { shapeText, sizeOf } from "../../core/shape.ts";
import { type Graph, graphResults, type Node } from "../../graph/node.ts";
import type { Spec } from "../../graph/op.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { type Backend, type Executable, type Heap, inOrder, sourcesOf } from "../backend.ts";
import { interpret } from "./interpret.ts";

/**
 * The plain interpreter: node by node, each value a host array. Slow and obviously right, so it is what the other
 * backends are tested against.
 */
export const referenceBackend: Backend = {
  name: "reference",
  describeKernels: () => "one value after the other, rounded after each operation",
  compile: (graph, heap) => {
    const outputs: readonly Spec[] = graph.outputs;
    const places: Executable["outputs"][number][] = [];
    let arenaBytes = 0;
    for (const { shape, dtype } of outputs) {
      places.push({ base: 0, offset: arenaBytes });
      arenaBytes += Math.ceil((sizeOf(shape) * BYTES[dtype]) / 64) * 64;
    }
    return {
      arenaBytes,
      outputs: places,
      describe: () => describe(graph, arenaBytes),
      bind: (bases) => inOrder(parts(graph, heap, bases, places)),
      bindParts: (bases) => parts(graph, heap, bases, places),
    } satisfies Executable;
  },
};

/** The nodes between the cuts; the first part reads the sources, the last writes the results. */
function parts(graph: Graph, heap: Heap, bases: readonly number[], places: Executable["outputs"]): (() => void)[] {
  const values = new Map<Tensor, TypedArray>();
  const ends = [...(graph.cuts ?? []).map(({ at }) => at), graph.nodes.length];
  return ends.map((end, part) => () => {
    if (part === 0) readSources(graph, heap, bases, values);
    compute(graph.nodes.slice(part === 0 ? 0 : ends[part - 1], end), values);
    if (part === ends.length - 1) writeResults(graph, heap, bases, places, values);
  });
}

function readSources(graph: Graph, heap: Heap, bases: readonly number[], values: Map<Tensor, TypedArray>): void {
  symbolsOf(graph).forEach((symbol, i) => {
    values.set(symbol, heap.view(symbol.dtype, bases[i + 1], sizeOf(symbol.shape)).slice());
  });
}

function compute(nodes: readonly Node[], values: Map<Tensor, TypedArray>): void {
  for (const node of nodes) {
    if (node.op.kind === "source") continue;
    const results = interpret(
      node,
      node.inputs.map((x) => valueOf(x, values)),
    );
    node.outputs.forEach((output, i) => {
      values.set(output, results[i]);
    });
  }
}

function writeResults(
  graph: Graph,
  heap: Heap,
  bases: readonly number[],
  places: Executable["outputs"],
  values: ReadonlyMap<Tensor, TypedArray>,
): void {
  const write = (x: Tensor, address: number): void => {
    heap.view(x.dtype, address, sizeOf(x.shape)).set(valueOf(x, values));
  };
  graph.outputs.forEach((x, i) => {
    write(x, bases[0] + places[i].offset);
  });
  const firstVariable = 1 + graph.inputs.length + graph.captured.length;
  graph.variables.forEach((use, i) => {
    if (use.after !== null) write(use.after, bases[firstVariable + i]);
  });
}

function symbolsOf(graph: Graph): Tensor[] {
  return [...graph.inputs, ...graph.captured.map((c) => c.symbol), ...graph.variables.map((v) => v.before)];
}

function valueOf(x: Tensor, values: ReadonlyMap<Tensor, TypedArray>): TypedArray {
  const value = values.get(x);
  if (value === undefined)
    throw new InternalError(`reference: a value of shape ${shapeText(x.shape)} is used before it is computed`);
  return value;
}

function describe(graph: Graph, arenaBytes: number): string {
  const sizes = `${sourcesOf(graph).length} sources, ${graph.nodes.length} nodes, ${graphResults(graph).length} results`;
  return `reference: ${sizes}; no plan: each value has a host array of its own, the arena (${arenaBytes} bytes) holds the outputs.`;
}

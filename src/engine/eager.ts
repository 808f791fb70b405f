import type { Executable } from "../backends/backend.ts";
import { allocate, type DType, type TypedArray } from "../core/dtype.ts";
import { TraceError } from "../core/errors.ts";
import { formatTensor } from "../core/format-array.ts";
import { shapeText } from "../core/shape.ts";
import { attrsText } from "../graph/attrs-text.ts";
import { type Executor, installExecutor } from "../graph/executor.ts";
import { type Graph, Node, nodeOf, nodeOfOp } from "../graph/node.ts";
import type { Op } from "../graph/op.ts";
import { evaluateUniform } from "../graph/passes/fold-constants.ts";
import { sourceOp } from "../graph/source.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";
import { currentTrace } from "../graph/trace.ts";
import { ROUND } from "../ir/arithmetic.ts";
import { constantOp } from "../ops/constant.ts";
import type { Engine } from "./engine.ts";
import { engine } from "./engine.ts";
import { runExecutable } from "./run-executable.ts";

/** Executables of single ops (with the lazy ones before them), by what they compute; the oldest go first. */
const LIMIT = 2048;
const CACHES = new WeakMap<Engine, Map<string, Executable>>();

/** What must run to compute a node: lazy producers first, and the tensors whose values they start from. */
interface Work {
  readonly nodes: readonly Node[];
  readonly leaves: readonly Tensor[];
  readonly key: string;
}

function gather(node: Node): Work {
  const nodes: Node[] = [];
  const leaves: Tensor[] = [];
  const names = new Map<Tensor, string>();
  const visit = (x: Tensor): string => {
    const known = names.get(x);
    if (known !== undefined) return known;
    settleNumber(x);
    const producer = nodeOf(x);
    if (producer !== null) assertEager(producer);
    const name = producer === null ? `${x.dtype}${x.shape}` : place(producer);
    const label = producer === null ? `#${leaves.push(x) - 1}` : name;
    names.set(x, label);
    if (producer === null) parts.push(`${label}:${name}`);
    return label;
  };
  const parts: string[] = [];
  const place = (n: Node): string => {
    const args = n.inputs.map(visit);
    const label = `%${nodes.push(n) - 1}`;
    parts.push(`${label}=${n.op.name}(${args})${attrsText(n.attrs)}`);
    return label;
  };
  place(node);
  return { nodes, leaves, key: parts.join(";") };
}

/** A number is read from memory: as a constant of the code, each new one would be compiled anew. */
function settleNumber(x: Tensor): void {
  const node = nodeOfOp(x, constantOp);
  if (x.size === 1 && node?.owner === null) compute(node as unknown as Node);
}

/** Traced nodes have no values, lazy ones neither: computing one here would take it out of its graph. */
function assertEager(node: Node): void {
  if (node.owner === null) return;
  const what = `a tensor of shape ${shapeText(node.outputs[0].shape)} (from "${node.op.name}")`;
  throw new TraceError(
    currentTrace() === null
      ? `${what} was kept from a traced function, which has ended: it has no value. Return it from the function instead.`
      : `${what} was read while a function is being traced: it has no value yet. Choose with where(), or return it and read it afterwards.`,
  );
}

/** The same computation on sources, so that what is cached holds no values. */
function standIn({ nodes, leaves }: Work): Graph {
  const twins = new Map<Tensor, Tensor>();
  const inputs = leaves.map((x) => {
    const attrs = { shape: [...x.shape], dtype: x.dtype, name: "x" };
    const [symbol] = new Node(sourceOp, [], attrs, [x]).outputs;
    twins.set(x, symbol);
    return symbol;
  });
  const copies = nodes.map((node) => {
    const copy = new Node(
      node.op,
      node.inputs.map((x) => twins.get(x) as Tensor),
      node.attrs,
      node.outputs,
    );
    node.outputs.forEach((x, i) => {
      twins.set(x, copy.outputs[i]);
    });
    return copy;
  });
  return { inputs, captured: [], variables: [], nodes: copies, outputs: copies[copies.length - 1].outputs };
}

function executableFor(current: Engine, work: Work): Executable {
  let cache = CACHES.get(current);
  if (cache === undefined) {
    cache = new Map();
    CACHES.set(current, cache);
  }
  let executable = cache.get(work.key);
  if (executable !== undefined) cache.delete(work.key);
  else executable = current.compile(standIn(work), { once: true });
  cache.set(work.key, executable);
  if (cache.size > LIMIT) cache.delete(cache.keys().next().value as string);
  return executable;
}

function compute(node: Node): void {
  const alone = computedHere(node);
  if (alone !== null) {
    const [y] = node.outputs;
    y["~settle"](allocate(y.dtype as DType, y.size).fill(alone));
    return;
  }
  const current = engine();
  const work = gather(node);
  const executable = executableFor(current, work);
  const given = work.leaves.map((x) => ({ shape: x.shape, dtype: x.dtype, values: valuesOf(x) }));
  const results = runExecutable(current, executable, given, [], node.outputs);
  node.outputs.forEach((x, i) => {
    x["~settle"](results[i]);
  });
}

/**
 * What fills a constant, or the value of a scalar that is computed from scalars by operations which are rounded alike
 * everywhere: code for one number would take a thousand times as long to make as to run. Null for all else.
 */
function computedHere({ op, inputs, attrs, outputs }: Node): number | null {
  const [y] = outputs;
  if (op === (constantOp as Op)) return ROUND[y.dtype as DType](attrs["value"] as number);
  if (op.kind !== "map" || outputs.length > 1 || [y, ...inputs].some((x) => x.rank > 0)) return null;
  return evaluateUniform(
    op,
    inputs,
    attrs,
    inputs.map((x) => valuesOf(x)[0]),
  );
}

/** A tensor's values, computed now where they were left for later. */
function valuesOf(x: Tensor): TypedArray {
  const before = x["~source"];
  if (before.kind === "node") {
    assertEager(before.node);
    compute(before.node);
  }
  const after = x["~source"];
  if (after.kind !== "host") throw new TraceError("a value could not be computed");
  return after.array;
}

const eagerExecutor: Executor = {
  run(node) {
    if (node.op.lazy) return;
    // A view in the same order shares its input's values, which never change.
    if (node.op.alias === true) node.outputs[0]["~settle"](valuesOf(node.inputs[0]));
    else compute(node);
  },
  read: async (x) => valuesOf(x),
  readSync: valuesOf,
  print: (x) =>
    isTraced(x) ? `Traced(shape=${shapeText(x.shape)}, dtype=${x.dtype})` : formatTensor(valuesOf(x), x.shape, x.dtype),
  createVariable(variable, initial) {
    const current = engine();
    const values = valuesOf(initial);
    const address = current.heap.allocateFor(variable, values.byteLength + 16);
    current.heap.view(variable.dtype, address, values.length).set(values);
    return { address };
  },
  readVariable(variable) {
    const view = engine().heap.view(variable.dtype, variable["~home"].address, variable.size);
    return hostTensor(view.slice(), variable.shape, variable.dtype);
  },
  writeVariable(variable, value) {
    const values = valuesOf(value);
    engine().heap.view(variable.dtype, variable["~home"].address, variable.size).set(values);
  },
};

/** Whether a tensor waits for a trace to end. */
function isTraced(x: Tensor): boolean {
  return (nodeOf(x)?.owner ?? null) !== null;
}

installExecutor(eagerExecutor);

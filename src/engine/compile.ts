import { listed, ValueError } from "../core/errors.ts";
import type { Graph } from "../graph/node.ts";
import { Tensor } from "../graph/tensor.ts";
import { currentTrace, synchronous, Trace, withTrace } from "../graph/trace.ts";
import { type Engine, engine } from "./engine.ts";
import type { Marks } from "./prepare-graph.ts";
import { Program } from "./program.ts";
import { flatten, type Tree, unflatten } from "./tree.ts";

/** Signatures that one compiled function keeps programs for; the least recently used go first. */
const LIMIT = 64;

interface Entry {
  readonly program: Program;
  readonly shape: Tree<number>;
}

/** A function that runs as one program, and its programs' descriptions. */
export interface Compiled<A extends readonly unknown[], R> {
  (...args: A): R;
  /** The graph and memory plan of the program for these arguments. */
  program(...args: A): Program;
  /** What the latest call computed of the taps that `compile` was asked for. */
  taps(): Readonly<Record<string, Tensor>>;
}

/**
 * Traces `f` once for each signature (shapes, dtypes, plain values of the arguments) and runs it as ONE program:
 * differentiated where it asks for gradients, simplified, fused and planned. Variables that it assigns are updated.
 *
 * `f` takes and returns tensors, or arrays and records of them; it must be pure and synchronous. Numbers it captures
 * become constants. Throws a TraceError where it reads a value.
 *
 * `taps` keeps values that f names by `tap(name, value)`; `cuts` parts the program at `cut(name)`.
 */
export function compile<A extends readonly unknown[], R>(f: (...args: A) => R, marks: Marks = {}): Compiled<A, R> {
  let taps: Readonly<Record<string, Tensor>> = {};
  const caches = new WeakMap<Engine, Map<string, Entry>>();
  const entryFor = (args: A, leaves: readonly Tensor[], key: string): Entry => {
    const current = engine();
    let cache = caches.get(current);
    if (cache === undefined) {
      cache = new Map();
      caches.set(current, cache);
    }
    const entry = cache.get(key) ?? traceProgram(f, args, leaves, current, marks);
    cache.delete(key);
    cache.set(key, entry);
    if (cache.size > LIMIT) cache.delete(cache.keys().next().value as string);
    return entry;
  };
  const compiled = (...args: A): R => {
    // Inside a trace the function is simply part of it.
    if (currentTrace() !== null) return f(...args);
    const { leaves, key } = flatten(args);
    const { program, shape } = entryFor(args, leaves, key);
    const outputs = program.run(leaves);
    taps = program.readTaps();
    return unflatten(shape, (at) => outputs[at]) as R;
  };
  return Object.assign(compiled, {
    program: (...args: A): Program => {
      const { leaves, key } = flatten(args);
      return entryFor(args, leaves, key).program;
    },
    taps: () => taps,
  });
}

function traceProgram<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  args: A,
  leaves: readonly Tensor[],
  current: Engine,
  marks: Marks,
): Entry {
  const trace = new Trace();
  const symbols = leaves.map((x, i) => trace.input(x, `argument${i}`));
  const outputs: Tensor[] = [];
  const shape = withTrace(trace, () => {
    const { shape: structure } = flatten(args);
    const result = synchronous(f(...(unflatten(structure, (at) => symbols[at]) as A)));
    const flat = flatten(result);
    for (const leaf of flat.leaves) assertTensor(leaf);
    outputs.push(...flat.leaves);
    return flat.shape;
  });
  const graph = trace.finish(outputs);
  assertMarks(graph, marks);
  return { program: new Program(graph, current, marks), shape };
}

function assertMarks({ taps, cuts }: Graph, marks: Marks): void {
  if (marks.taps !== true) assertKnown("tap", marks.taps, [...(taps?.keys() ?? [])]);
  assertKnown("cut", marks.cuts, cuts?.map(({ name }) => name) ?? []);
}

function assertKnown(what: "tap" | "cut", names: readonly string[] | undefined, known: readonly string[]): void {
  const name = names?.find((asked) => !known.includes(asked));
  if (name === undefined) return;
  const has =
    known.length === 0
      ? `It has no ${what}s: call ${what}("${name}"${what === "tap" ? ", value" : ""}) in it.`
      : `It has ${listed(known)}.`;
  throw new ValueError(`compile: the function has no ${what} "${name}". ${has}`);
}

function assertTensor(x: unknown): void {
  if (!(x instanceof Tensor))
    throw new ValueError(`compile: expected the function to return tensors, got ${typeof x}.`);
}

import { shapeText } from "../core/shape.ts";
import { isBody, valueText } from "./attrs-text.ts";
import { type Graph, type Node, nodeOf } from "./node.ts";
import type { Attrs, Spec } from "./op.ts";
import type { Tensor } from "./tensor.ts";

/** Shows a graph, or the graph of a compiled function's `program(...)`, on the console. */
export function print(shown: Graph | { readonly graph: Graph }): void {
  console.log(printGraph("graph" in shown ? shown.graph : shown));
}

/**
 * A graph as text, a node a line, numbered in order, with the layer that made it:
 *
 *     %0 = input 0                    # (32, 784) float32
 *     %1 = variable "kernel"          # (784, 10) float32 [dense]
 *     %2 = matmul(%0, %1) transposeB  # (32, 10) float32 [dense]
 *     return %2
 *     "kernel" becomes %7
 */
export function printGraph(graph: Graph): string {
  const names = namesOf(graph);
  const roles = rolesOf(graph);
  const rows = graph.nodes.map((node) => ({ left: equation(node, names, roles), right: comment(node), node }));
  const width = Math.min(60, Math.max(0, ...rows.map(({ left }) => left.length)));
  const lines = rows.map(({ left, right, node }) => `${left.padEnd(width)}  # ${right}${bodies(node.attrs)}`);
  const outputs = graph.outputs.map((x) => nameOf(x, names));
  const becomes = graph.variables.flatMap(({ variable, after }) =>
    after === null ? [] : [`"${variable.name}" becomes ${nameOf(after, names)}`],
  );
  for (const { name, at } of (graph.cuts ?? []).toReversed()) lines.splice(at, 0, `--- ${name} ---`);
  return [...lines, `return ${outputs.join(", ")}`, ...becomes].join("\n");
}

/** The graphs that scan or cond runs, indented below its line. */
function bodies(attrs: Attrs): string {
  const shown = Object.entries(attrs).filter(([key]) => key !== "primal");
  return shown
    .map(([key, value]) => (isBody(value) ? `\n  ${key}: ${value.text.replaceAll("\n", "\n  ")}` : ""))
    .join("");
}

/** One node's line. */
export function printNode(graph: Graph, node: Node): string {
  return `${equation(node, namesOf(graph), rolesOf(graph))}  # ${comment(node)}`;
}

/** `%3`, or `%3.0` and `%3.1` for a node with several outputs. */
function namesOf(graph: Graph): ReadonlyMap<Tensor, string> {
  const names = new Map<Tensor, string>();
  graph.nodes.forEach((node, at) => {
    for (const [i, x] of node.outputs.entries()) names.set(x, node.outputs.length === 1 ? `%${at}` : `%${at}.${i}`);
  });
  return names;
}

function nameOf(x: Tensor, names: ReadonlyMap<Tensor, string>): string {
  const source = nodeOf(x);
  return names.get(x) ?? (source === null ? "%value" : `%elsewhere:${source.op.name}`);
}

/** What sources stand for. */
function rolesOf(graph: Graph): ReadonlyMap<Tensor, string> {
  const roles = new Map<Tensor, string>();
  for (const [i, x] of graph.inputs.entries()) roles.set(x, `input ${i}`);
  for (const [i, { symbol }] of graph.captured.entries()) roles.set(symbol, `captured ${i}`);
  for (const { variable, before } of graph.variables) roles.set(before, `variable "${variable.name}"`);
  return roles;
}

function equation(node: Node, names: ReadonlyMap<Tensor, string>, roles: ReadonlyMap<Tensor, string>): string {
  const left = node.outputs.map((x) => nameOf(x, names)).join(", ");
  if (node.op.kind === "source") return `${left} = ${roles.get(node.outputs[0]) ?? "source"}`;
  const inputs = node.inputs.map((x) => nameOf(x, names)).join(", ");
  return `${left} = ${[`${node.op.name}(${inputs})`, ...attributes(node.attrs)].join(" ")}`;
}

/** `transposeB axis=1`: what is false is left out, what is true is its name. */
function attributes(attrs: Attrs): string[] {
  return Object.entries(attrs).flatMap(([key, value]) => {
    if (key === "shape" || key === "dtype" || value === false || value === null || isBody(value)) return [];
    return [value === true ? key : `${key}=${valueText(value)}`];
  });
}

function comment(node: Node): string {
  const specs = node.outputs.map(({ shape, dtype }: Spec) => `${shapeText(shape)} ${dtype}`).join(", ");
  return node.scope === "" ? specs : `${specs} [${node.scope}]`;
}

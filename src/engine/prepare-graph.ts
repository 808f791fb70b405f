import type { Graph } from "../graph/node.ts";
import { simplifyGraph } from "../graph/passes/simplify-graph.ts";
import { constantOp } from "../ops/constant.ts";

/** What a program is to keep of the points and values that its function names. */
export interface Marks {
  /** Values to keep: names, or true for all of them. */
  readonly taps?: true | readonly string[];
  /** Points that part one program from the next. */
  readonly cuts?: readonly string[];
}

/** The names of the taps that are asked for; their values are the graph's last outputs. */
export function tapsOf(graph: Graph, { taps = [] }: Marks): readonly string[] {
  return taps === true ? [...(graph.taps ?? new Map()).keys()] : taps;
}

/** The graph with the marks that are asked for, and no others. */
function markGraph(graph: Graph, marks: Marks): Graph {
  const { cuts = [], taps, ...rest } = graph;
  const tapped = tapsOf(graph, marks).flatMap((name) => taps?.get(name) ?? []);
  return {
    ...rest,
    outputs: [...graph.outputs, ...tapped],
    cuts: cuts.filter(({ name }) => marks.cuts?.includes(name)),
  };
}

type Check = (graph: Graph, where: string) => Graph;
let check: Check = (graph) => graph;

/** For tests: every graph is held to what makes it one (validateGraph), when it is traced and after each pass. */
export function checkGraphs(validate: Check): void {
  check = validate;
}

/** What happens to a traced graph before a backend gets it. */
export function prepareGraph(graph: Graph, marks: Marks = {}): Graph {
  const traced = check(markGraph(graph, marks), "the traced graph");
  return check(simplifyGraph(traced, constantOp), "simplifyGraph");
}

import type { Graph } from "../graph/node.ts";
import { simplifyGraph } from "../graph/passes/simplify-graph.ts";
import { validateGraph } from "../graph/validate-graph.ts";
import { constantOp } from "../ops/constant.ts";

/** What happens to a traced graph before a backend gets it: each pass, and a check of what it made. */
export function prepareGraph(traced: Graph): Graph {
  validateGraph(traced, "the traced graph");
  return validateGraph(simplifyGraph(traced, constantOp), "simplifyGraph");
}

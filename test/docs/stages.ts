import { type DType, type Model, printGraph, type Tensor } from "gradwise";
import { kernelCalls } from "../../src/backends/wasm/call.ts";
import { exactProfile } from "../../src/backends/wasm/kernel-profile.ts";
import { lowerGraph } from "../../src/backends/wasm/lower-graph.ts";
import { acceptsFusion } from "../../src/backends/wasm/step.ts";
import { shapeText } from "../../src/core/shape.ts";
import { prepareGraph } from "../../src/engine/prepare-graph.ts";
import { type Graph, type Node, nodeOf } from "../../src/graph/node.ts";
import { fuseNodes } from "../../src/graph/passes/fuse-nodes.ts";
import type { Kernel } from "../../src/graph/passes/kernel.ts";
import { printNode } from "../../src/graph/print-graph.ts";
import { Trace, withTrace } from "../../src/graph/trace.ts";
import { traceTrainStep } from "../../src/models/trace-step.ts";
import { instructionsOf } from "../support/instructions-of.ts";
import type { Instruction } from "./disassemble.ts";
import { exprText } from "./expr-text.ts";
import { printStage } from "./page.ts";

/** What the page shows of the library's inside: the stages of `step`, and the sizes of the model's own step. */
export function printStages(step: (...args: Tensor[]) => Tensor, args: readonly Tensor[], net: Model): void {
  const traced = trace(step, args);
  printStage("traced", printGraph(traced));
  const graph = prepareGraph(traced);
  const kernels = fuseNodes(graph, { accepts: acceptsFusion });
  printStage(
    "kernels",
    kernels.map((kernel, at) => `${String(at).padStart(2)}  ${kernelText(kernel, graph)}`).join("\n"),
  );
  const update = kernels.find(({ outputs }) => outputs.includes(graph.variables[0].after as Tensor));
  if (update === undefined) throw new Error("printStages: no kernel computes the first variable's next value.");
  printStage("bytes", roundOf(update).map(instructionText).join("\n"));
  printStage("sizes", sizesText(net, args));
}

function trace(step: (...args: Tensor[]) => Tensor, args: readonly Tensor[]): Graph {
  const recorded = new Trace();
  const inputs = args.map((x, i) => recorded.input({ shape: x.shape, dtype: x.dtype as DType }, `argument${i}`));
  return recorded.finish([withTrace(recorded, () => step(...inputs))]);
}

/** A node's number, as printGraph gives it. */
function namesIn(graph: Graph): (x: Tensor) => string {
  return (x) => `%${graph.nodes.indexOf(nodeOf(x) as Node)}`;
}

function kernelText(kernel: Kernel, graph: Graph): string {
  const names = namesIn(graph);
  const outputs = kernel.outputs.map(names);
  if (kernel.kind === "op") return printNode(graph, kernel.node).replace(/ +#.*/, "");
  if (kernel.kind === "row") throw new Error("kernelText: the page's step has no rows.");
  const formulas = kernel.bodies.map((body, at) => {
    const text = exprText(body, (input) => names(kernel.inputs[input]));
    return `${outputs[at]} = ${kernel.kind === "reduce" ? `${kernel.combine} of ${text}` : text}`;
  });
  const space = shapeText(kernel.kind === "reduce" ? kernel.space : kernel.shape);
  return `${formulas.join("; ")}  for each of ${space}`;
}

/** The instructions of one round of a kernel's plain vector loop: the second loop, after the one with four steps a round. */
function roundOf(kernel: Kernel): Instruction[] {
  const all = instructionsOf(kernel);
  const [, second] = all.flatMap(({ text }, at) => (text === "loop" ? [at] : []));
  const end = all.findIndex(({ text }, at) => at > second && text.startsWith("br_if"));
  return all.slice(second, end + 1);
}

function instructionText({ bytes, text }: Instruction): string {
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return `${hex.padEnd(14)}${text}`;
}

/** The step that fit itself traces for this model. */
function sizesText(net: Model, [x, y]: readonly Tensor[]): string {
  const { trainer } = net;
  if (trainer?.state == null) throw new Error("sizesText: the model has not been trained.");
  const traced = traceTrainStep(net, trainer.state, trainer.programs.batch({ x, y, weight: null }), x.shape[0]);
  const graph = prepareGraph(traced);
  const { parts, plan } = lowerGraph(graph, exactProfile);
  return [
    `${traced.nodes.length} nodes traced`,
    `${graph.nodes.length} nodes simplified`,
    `${kernelCalls(parts.flat()).length} kernels`,
    `${plan.arenaBytes} bytes of arena`,
  ].join("\n");
}

import {
  type Body,
  type BodyDerivative,
  type BodyGradient,
  type DifferentiateBody,
  inlineBody,
  replay,
} from "../graph/body.ts";
import { type Node, nodeOf } from "../graph/node.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Trace, withTrace } from "../graph/trace.ts";
import { fill } from "../ops/constant.ts";
import { simpleBody } from "../ops/trace-body.ts";

/** The backward walk over nodes in the current trace. */
type Walk = (
  nodes: readonly Node[],
  ys: readonly Tensor[],
  seeds: readonly Tensor[],
  xs: readonly Tensor[],
) => (Tensor | null)[];

/** A differentiator of bodies by this walk; it answers the same question only once. */
export function bodyDifferentiator(walk: Walk): DifferentiateBody {
  const known = new WeakMap<Body, Map<string, BodyGradient>>();
  return (body, derivative) => {
    let answers = known.get(body);
    if (answers === undefined) {
      answers = new Map();
      known.set(body, answers);
    }
    const { wanted, given, available, kept } = derivative;
    const question = `${[wanted, given, available, kept].map((flags) => flags.map(Number).join("")).join(" ")}`;
    const answer = answers.get(question) ?? partedIn(jointly(walk, body, derivative), derivative);
    answers.set(question, answer);
    return answer;
  };
}

/** The body and the walk back through it, in one trace. */
interface Joint {
  readonly forward: readonly Node[];
  readonly backward: readonly Node[];
  readonly xs: readonly Tensor[];
  readonly ys: readonly Tensor[];
  readonly dys: readonly Tensor[];
  readonly dxs: readonly Tensor[];
}

function jointly(walk: Walk, body: Body, { wanted, given }: BodyDerivative): Joint {
  const trace = new Trace({ assignable: false });
  return withTrace(trace, () => {
    const { inputs, outputs } = body.graph;
    const xs = inputs.map((x) => trace.input(x, "x"));
    const dys = outputs.filter((_, i) => given[i]).map((y) => trace.input(y, "dy"));
    const ys = inlineBody(body, xs);
    const end = trace.length;
    const recorded = (from: number, to: number): Node[] =>
      Array.from({ length: to - from }, (_, i) => trace.node(from + i));
    const asked = xs.filter((_, i) => wanted[i]);
    const found = walk(
      recorded(0, end),
      ys.filter((_, i) => given[i]),
      dys,
      asked,
    );
    const dxs = found.map((dx, i) => dx ?? fill(asked[i].shape, 0, asked[i].dtype));
    // The walk may have put wider nodes into the forward part.
    return { forward: recorded(0, end), backward: recorded(end, trace.length), xs, ys, dys, dxs };
  });
}

/** The two halves of a joint trace, and what goes from one to the other. */
function partedIn({ forward, backward, xs, ys, dys, dxs }: Joint, { available, kept }: BodyDerivative): BodyGradient {
  const early = new Set(forward);
  const inputs = new Set(xs.filter((_, i) => available[i]));
  const needed = new Set<Node>();
  const saved = new Set<Tensor>();
  const stack = [...dxs];
  while (stack.length > 0) {
    const x = stack.pop() as Tensor;
    const node = nodeOf(x) as Node;
    if (inputs.has(x) || dys.includes(x) || needed.has(node)) continue;
    if (early.has(node) && !isFree(node)) saved.add(x);
    else {
      needed.add(node);
      stack.push(...node.inputs);
    }
  }
  const outputs = [...ys];
  const places = [...saved].map((x) => {
    const at = outputs.findIndex((y, i) => y === x && (i >= ys.length || kept[i]));
    return at === -1 ? outputs.push(x) - 1 : at;
  });
  const sources = { captured: [], variables: [] };
  const whole = simpleBody({ ...sources, inputs: xs, nodes: forward, outputs });
  const nodes = [...forward, ...backward].filter((node) => needed.has(node));
  const back = replayed([...dys, ...saved, ...inputs], nodes, dxs);
  return { forward: whole, saved: places, backward: back };
}

/** What costs nothing to have again: constants, and views, whose input is then saved instead. */
function isFree({ op }: Node): boolean {
  return op.lazy === true || op.alias === true;
}

/** These nodes as a body of its own, over symbols for these tensors. */
function replayed(inputs: readonly Tensor[], nodes: readonly Node[], outputs: readonly Tensor[]): Body {
  const trace = new Trace({ assignable: false });
  const now = new Map<Tensor, Tensor>(inputs.map((x) => [x, trace.input(x, "x")]));
  withTrace(trace, () => replay(nodes, now));
  return simpleBody(trace.finish(outputs.map((x) => now.get(x) as Tensor)));
}

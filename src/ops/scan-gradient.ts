// tested by src/ops/scan.test.ts
import { isFloat } from "../core/dtype.ts";
import { type Body, type BodyGradient, inlineBody, inputNumber } from "../graph/body.ts";
import { type Node, nodeOfOp } from "../graph/node.ts";
import type { GradContext, GradientOps, Spec } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add, addOp } from "./add.ts";
import { fill } from "./constant.ts";
import { matmulOp } from "./matmul.ts";
import type { applyScan, ScanAttrs } from "./scan.ts";
import { sumOp } from "./sum.ts";
import { simpleBody, traceBody } from "./trace-body.ts";
import { transpose } from "./transpose.ts";

/**
 * With dc for the carry's gradient and dy_t for the ys', the backward body gives (dc, dx_t, dk_t) from (dc, dy_t), x_t,
 * the constants k, and what the forward body saved at step t. The gradient is the scan of it the other way; dk is the
 * sum of the dk_t. Where dk_t is a product a_t' b_t (a weight's gradient), it is not summed step by step: a and b are
 * stacked, and one product over all steps and rows follows the loop. A sum over rows (a bias's) leaves it likewise. A
 * weight that the loop multiplies by transposed is transposed before it.
 */
export function loopGradient(
  dys: readonly Tensor[],
  ctx: GradContext<ScanAttrs>,
  o: GradientOps,
  apply: typeof applyScan,
): (Tensor | null)[] {
  const { inputs, outputs, attrs, given } = ctx;
  const { carries, xs, length, reverse } = attrs;
  const primal = attrs.primal as Body;
  const { saved, backward } = derivativeOf(primal, ctx, o);
  const { wanted, given: flowing } = asked(primal, ctx);
  const dCarry = dys.slice(0, carries).filter((_, i) => flowing[i]);
  const dStacks = dys.slice(carries).filter((_, i) => given[carries + i]);
  const stacks = [...dStacks, ...saved.map((at) => outputs[at]), ...inputs.slice(carries, carries + xs)];

  const results = backward.graph.outputs;
  const first = dCarry.length + wanted.slice(carries, carries + xs).filter(Boolean).length;
  const loop = new BackwardLoop(backward, dCarry.length, stacks);
  const dxs = results.slice(dCarry.length, first).map((dx) => loop.stack(dx));
  const dks = results.slice(first).map((dk) => termsOf(dk).map((term) => loop.total(term)));
  const made = loop.run(dCarry, inputs.slice(carries + xs), (body, starts, constants) =>
    apply(body, { primal: null, carries: starts.length, length, reverse: !reverse }, starts, stacks, constants),
  );
  const gradients = [
    ...made.carry,
    ...dxs.map((dx) => dx(made)),
    ...dks.map((terms) => terms.map((term) => term(made, o)).reduce((a, b) => o.add(a, b) as Tensor)),
  ];
  return inputs.map((_, i) => (wanted[i] ? (gradients.shift() as Tensor) : null));
}

/** The attributes of the scan that also saves what the gradient reads. */
export function withResiduals(ctx: GradContext<ScanAttrs>, o: GradientOps): ScanAttrs {
  const { body } = ctx.attrs;
  return { ...ctx.attrs, primal: body, body: derivativeOf(body, ctx, o).forward };
}

function derivativeOf(primal: Body, ctx: GradContext<ScanAttrs>, o: GradientOps): BodyGradient {
  const { carries } = ctx.attrs;
  const { wanted, given } = asked(primal, ctx);
  const available = primal.graph.inputs.map((_, i) => i >= carries);
  const kept = primal.graph.outputs.map((_, i) => i >= carries);
  return o.vjp(primal, { wanted, given, available, kept });
}

/** Through float carries gradients flow at every step, whoever asked. */
function asked(
  { graph }: Body,
  { attrs, wanted, given }: GradContext<ScanAttrs>,
): { wanted: boolean[]; given: boolean[] } {
  const flag = (flags: readonly boolean[], { dtype }: Tensor, i: number): boolean =>
    isFloat(dtype) && (i < attrs.carries || flags[i]);
  return {
    wanted: graph.inputs.map((x, i) => flag(wanted, x, i)),
    given: graph.outputs.map((y, i) => flag(given, y, i)),
  };
}

/** A part of a constant's gradient: a' b, a sum of x over its first axes, or anything. */
type Term =
  | { readonly kind: "product"; readonly a: Tensor; readonly b: Tensor }
  | { readonly kind: "sum"; readonly x: Tensor; readonly axes: number }
  | { readonly kind: "plain"; readonly x: Tensor };

function termsOf(dk: Tensor): Term[] {
  const sum = nodeOfOp(dk, addOp);
  if (sum !== null) return sum.inputs.flatMap(termsOf);
  const product = nodeOfOp(dk, matmulOp);
  if (product?.attrs.transposeA === true && !product.attrs.transposeB && dk.rank === 2) {
    const [a, b, bias] = product.inputs;
    if (bias === undefined) return [{ kind: "product", a, b }];
  }
  const total = nodeOfOp(dk, sumOp);
  if (total?.attrs.axis === 0) return [{ kind: "sum", x: total.inputs[0], axes: total.attrs.count }];
  return [{ kind: "plain", x: dk }];
}

/** What a backward loop computed: the carry's gradient, stacked values, and sums over the steps. */
interface Made {
  readonly carry: readonly Tensor[];
  readonly stacked: readonly Tensor[];
  readonly summed: readonly Tensor[];
}

type Later = (made: Made, o: GradientOps) => Tensor;

/** Collects what is to be had of a backward body's values at every step, and runs it as a loop. */
class BackwardLoop {
  readonly #backward: Body;
  readonly #carries: number;
  /** The stacked tensors whose slices are the inputs behind the carries. */
  readonly #stacks: readonly Tensor[];
  readonly #stacked: Tensor[] = [];
  readonly #summed: Tensor[] = [];

  constructor(backward: Body, carries: number, stacks: readonly Tensor[]) {
    this.#backward = backward;
    this.#carries = carries;
    this.#stacks = stacks;
  }

  /** All steps' values of x: a stack that is there already, or one that the loop makes. */
  stack(x: Tensor): (made: Made) => Tensor {
    const slice = inputNumber(this.#backward, x) - this.#carries;
    if (slice >= 0 && slice < this.#stacks.length) return () => this.#stacks[slice];
    const known = this.#stacked.indexOf(x);
    const at = known === -1 ? this.#stacked.push(x) - 1 : known;
    return ({ stacked }) => stacked[at];
  }

  /** The sum of a term over all steps. */
  total(term: Term): Later {
    if (term.kind === "plain") {
      const at = this.#summed.push(term.x) - 1;
      return ({ summed }) => summed[at];
    }
    if (term.kind === "sum") {
      const x = this.stack(term.x);
      const axis = Array.from({ length: term.axes + 1 }, (_, i) => i);
      return (made, o) => o.sum(x(made), { axis }) as Tensor;
    }
    const [a, b] = [this.stack(term.a), this.stack(term.b)];
    return (made, o) => {
      const [left, right] = [a(made), b(made)].map((x) => {
        const columns: number = x.shape[x.rank - 1];
        return o.reshape(x, [x.size / columns, columns]) as Tensor;
      });
      return o.matmul(left, right, { transposeA: true }) as Tensor;
    };
  }

  run(
    carry: readonly Tensor[],
    constants: readonly Tensor[],
    apply: (body: Body, starts: readonly Tensor[], constants: readonly Tensor[]) => readonly Tensor[],
  ): Made {
    const { graph } = this.#backward;
    const outputs = [...graph.outputs.slice(0, this.#carries), ...this.#summed, ...this.#stacked];
    const step = simpleBody({ ...graph, outputs });
    const [own, sums] = [this.#carries, this.#summed.length];
    const [dCarry, rest] = [graph.inputs.slice(0, own), graph.inputs.slice(own)];
    const flips = rest.map((x, i) => i >= rest.length - constants.length && isReadTransposed(step, x));
    const specs = rest.map((x, i): Spec => (flips[i] ? { shape: x.shape.toReversed(), dtype: x.dtype } : x));
    // Running sums become carries behind the body's own.
    const { body } = traceBody([...dCarry, ...this.#summed, ...specs], (xs) => {
      const given = xs.slice(own + sums).map((x, i) => (flips[i] ? (transpose(x) as Tensor) : x));
      const results = inlineBody(step, [...xs.slice(0, own), ...given]);
      return results.map((y, i) => (i >= own && i < own + sums ? (add(xs[i], y) as Tensor) : y));
    });
    const starts = this.#summed.map((x) => fill(x.shape, 0, x.dtype));
    const flipped = flips.slice(rest.length - constants.length);
    const turned = constants.map((k, i) => (flipped[i] ? (transpose(k) as Tensor) : k));
    const done = apply(body, [...carry, ...starts], turned);
    return { carry: done.slice(0, own), summed: done.slice(own, own + sums), stacked: done.slice(own + sums) };
  }
}

/** Whether a body's input is only multiplied by, transposed: it is then transposed once, not laid out at every step. */
function isReadTransposed({ graph }: Body, x: Tensor): boolean {
  const readers = graph.nodes.filter((node) => node.inputs.includes(x));
  const isOperand = (node: Node): boolean =>
    node.op.name === matmulOp.name && node.attrs["transposeB"] === true && node.inputs.indexOf(x) === 1;
  return x.rank === 2 && readers.length > 0 && readers.every(isOperand) && !graph.outputs.includes(x);
}

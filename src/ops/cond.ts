import { isFloat } from "../core/dtype.ts";
import { DTypeError, ShapeError, ValueError } from "../core/errors.ts";
import { sameShape, shapeText } from "../core/shape.ts";
import { applyAll } from "../graph/apply.ts";
import { type Body, inlineBody } from "../graph/body.ts";
import type { GradContext, GradientOps, Op } from "../graph/op.ts";
import { Tensor } from "../graph/tensor.ts";
import type { Like, Tensors } from "./scan.ts";
import { traceBody } from "./trace-body.ts";

type CondAttrs = { readonly ifTrue: Body; readonly ifFalse: Body };

/**
 * y = then(xs) where p, otherwise(xs) elsewhere; only that one is computed. dxs come from the chosen body's backward
 * body, in a cond again; p has no gradient.
 */
export const condOp: Op<CondAttrs> = {
  name: "cond",
  kind: "structural",
  infer: (_inputs, { ifTrue }) => ifTrue.graph.outputs.map(({ shape, dtype }) => ({ shape, dtype })),
  grad: (dys, ctx, o) => {
    const { inputs, wanted, given } = ctx;
    const [test, ...xs] = inputs;
    const flags = xs.map(({ dtype }, i) => wanted[i + 1] && isFloat(dtype));
    const back = [ctx.attrs.ifTrue, ctx.attrs.ifFalse].map((body) => backwardOf(body, flags, given, o));
    const seeds = dys.filter((_, i) => given[i]);
    const dxs = [...applyAll(condOp, [test, ...seeds, ...xs], { ifTrue: back[0], ifFalse: back[1] })];
    return [null, ...flags.map((flag) => (flag ? (dxs.shift() as Tensor) : null))];
  },
};

/** From the gradients of the outputs and the inputs to the gradients of the inputs; what is needed is computed anew. */
function backwardOf(body: Body, wanted: readonly boolean[], given: GradContext["given"], o: GradientOps): Body {
  const available = wanted.map(() => true);
  const { forward, backward, saved } = o.vjp(body, { wanted, given, available, kept: given.map(() => false) });
  const dys = body.graph.outputs.filter((_, i) => given[i]);
  return traceBody([...dys, ...body.graph.inputs], (all) => {
    const [seeds, xs] = [all.slice(0, dys.length), all.slice(dys.length)];
    const values = inlineBody(forward, xs);
    return inlineBody(backward, [...seeds, ...saved.map((at) => values[at]), ...xs]);
  }).body;
}

/**
 * The result of `then()` where the bool scalar `test` holds, of `otherwise()` elsewhere. In a program both are compiled
 * and one runs; `where` computes both and chooses by element. They read what they need from around them, and return a
 * tensor or a list of the same shapes and dtypes. Variables must not be assigned in them.
 *
 *     const y = cond(x.sum().greater(0), () => x.mul(2), () => x.neg());
 */
export function cond<Y extends Tensors>(test: Tensor, then: () => Y, otherwise: () => Like<Y>): Like<Y> {
  if (test.dtype !== "bool" || test.size !== 1) {
    throw new DTypeError(
      `cond: expected one bool as the test, got ${test.dtype} ${shapeText(test.shape)}. Compare first, as in x.sum().greater(0), or choose by element with where.`,
    );
  }
  let single = false;
  const branches = [then, otherwise].map((f) =>
    traceBody([], () => {
      const result: Tensors = f();
      single = result instanceof Tensor;
      return tensorsOf(result);
    }),
  );
  const [a, b] = branches.map(({ body }) => body.graph.outputs);
  assertAlike(a, b);
  const captured = branches.flatMap((branch) => branch.captured);
  const [first, second] = branches.map(({ body }, at) => {
    const before = at === 0 ? 0 : branches[0].captured.length;
    const own = branches[at].captured.length;
    return traceBody(captured, (xs) => inlineBody(body, xs.slice(before, before + own))).body;
  });
  const ys = applyAll(condOp, [test, ...captured], { ifTrue: first, ifFalse: second });
  return (single ? ys[0] : ys) as Like<Y>;
}

function tensorsOf(result: Tensors): readonly Tensor[] {
  const list = result instanceof Tensor ? [result] : result;
  if (Array.isArray(list) && list.every((y) => y instanceof Tensor)) return list;
  throw new ValueError("cond: expected each branch to return a tensor or a list of tensors.");
}

function assertAlike(a: readonly Tensor[], b: readonly Tensor[]): void {
  if (a.length !== b.length) {
    throw new ValueError(`cond: the branches return ${a.length} and ${b.length} tensors. Return as many in both.`);
  }
  a.forEach((y, i) => {
    const other = b[i];
    if (sameShape(y.shape, other.shape) && y.dtype === other.dtype) return;
    const text = (x: Tensor): string => `${shapeText(x.shape)} ${x.dtype}`;
    throw new ShapeError(
      `cond: result ${i} is ${text(y)} in one branch and ${text(other)} in the other. Reshape or cast one, so that both are alike.`,
    );
  });
}

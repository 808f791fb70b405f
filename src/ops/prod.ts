import type { Check, Out } from "../core/shape-types.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import type { Ops } from "./index.ts";
import { type Axes, applyReduce, asRun, type Reduce, type ReduceAttrs, type ReduceOptions, reducer } from "./reduce.ts";
import { type Summed, summable } from "./sum.ts";

/** y = product of x over a run of axes; dx[i] = dy times the product of the others. Nothing multiplies to 1. */
export const prodOp: Op<ReduceAttrs> = reducer({
  name: "prod",
  combine: "prod",
  grad: ([dy], { inputs: [x], attrs }, o) => {
    const [pre, n, post] = asRun(x.shape, attrs);
    if (n === 0) return [o.mul(x, 0)];
    const others = timesOthers(o.reshape(dy, [pre, 1, post]), o.reshape(x, [pre, n, post]), o);
    return [o.reshape(others, x.shape)];
  },
});

/**
 * dy times the product of all x but the i-th, for x [pre, n, post]. Division by x[i] would fail at zeros; here
 * neighbours pair up, and what multiplies a value is its partner times what multiplies the pair: log2(n) steps, exact
 * at zeros to every order of derivative.
 */
function timesOthers(dy: Tensor, x: Tensor, o: Ops): Tensor {
  const [pre, n, post] = x.shape;
  if (n === 1) return dy;
  const even = n % 2 === 0 ? x : o.pad(x, [[0, 0], [0, 1], [0, 0]], { value: 1 }); // biome-ignore format: a table
  const pairs = o.reshape(even, [pre, even.shape[1] / 2, 2, post]);
  const partners = o.reverse(pairs, { axis: 2 });
  const product = o.mul(o.slice(pairs, null, null, 0), o.slice(pairs, null, null, 1));
  const outer = o.expandDims(timesOthers(dy, product, o), { axis: 2 });
  return o.slice(o.reshape(o.mul(outer, partners), even.shape), null, [0, n]);
}

/** The product over `axis` (all axes by default). */
export function prod<A extends Tensor, const X extends Axes = undefined, const K extends boolean = false>(
  x: A,
  options?: ReduceOptions<X, K> & Check<Reduce<S_<A>, X, K>>,
): Tensor<Out<Reduce<S_<A>, X, K>>, Summed<D_<A>>> {
  return applyReduce(prodOp, summable(x, "prod"), options?.axis, options?.keepDims);
}

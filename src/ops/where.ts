import { type Promote, promote } from "../core/dtype.ts";
import { DTypeError } from "../core/errors.ts";
import { broadcastShapes } from "../core/shape.ts";
import type { Check, Out } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { type Broadcast, broadcastTo } from "./broadcast.ts";
import { maybeTensor } from "./builders.ts";
import { castTo } from "./cast.ts";
import { constantValue } from "./constant.ts";
import { element } from "./element.ts";

/**
 * y = a where c, b elsewhere. Each side gets dy where it was chosen and 0 elsewhere: chosen, not multiplied by 0,
 * so that a NaN or infinity on one side never reaches the other.
 */
export const whereOp: Op = {
  name: "where",
  kind: "map",
  infer: (inputs) => [{ shape: inputs[1].shape, dtype: inputs[1].dtype }],
  scalar: (inputs) => ({ body: s.select(element(inputs, 0), element(inputs, 1), element(inputs, 2)) }),
  grad: ([dy], { inputs: [c] }, o) => [null, o.where(c, dy, 0), o.where(c, 0, dy)],
  simplify: ([c, a, b]) => {
    const always = constantValue(c);
    return always === null ? null : always === 0 ? b : a;
  },
};

type Both<A, B> = Broadcast<S_<A>, S_<B>>;

/** a where `condition` holds, b elsewhere; all three broadcast. Both sides are computed. */
export function where<C extends Tensor, A extends Tensor | number, B extends Tensor | number>(
  condition: C,
  a: A & Check<Both<C, A>>,
  b: B & Check<Both<A, B>> & Check<Both<C, B>>,
): Tensor<Out<Broadcast<S_<C>, Out<Both<A, B>>>>, Promote<D_<A>, D_<B>>> {
  if (condition.dtype !== "bool") {
    throw new DTypeError(
      `where: expected a bool condition, got ${condition.dtype}. Compare first, for example x.greater(0).`,
    );
  }
  const c: Tensor = condition;
  const x = maybeTensor(a, b);
  const y = maybeTensor(b, a);
  const dtype = promote(x.dtype, y.dtype, "where");
  const shape = broadcastShapes(c.shape, broadcastShapes(x.shape, y.shape, "where"), "where");
  const sides = [x, y].map((side) => broadcastTo(side.dtype === dtype ? side : castTo(side, dtype), shape));
  return apply(whereOp, [broadcastTo(c, shape), ...sides]);
}

import { normalizeAxis } from "../core/shape.ts";
import type { Check, NamesOfFirst, Out, Shape, Text } from "../core/shape-types.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { reshape } from "./reshape.ts";

/** The shape with an axis of size N that is axis X of the result. */
export type Inserted<S extends Shape, X extends number, N extends number> = number extends S["length"] | X
  ? Shape
  : Placed<S, `${X}`, N> extends infer R
    ? R extends Shape
      ? R
      : `axis ${X} is out of range for shape ${Text<S>} with a new axis`
    : never;
/** NamesOfFirst<Before, [N, ...S]>: the names that the new axis has when it stands here. */
type Placed<S extends Shape, X extends string, N extends number, Before extends Shape = []> =
  X extends NamesOfFirst<Before, [N, ...S]>
    ? [...Before, N, ...S]
    : S extends readonly [infer H extends number, ...infer T extends Shape]
      ? Placed<T, X, N, [...Before, H]>
      : "out of range";

/** x with a new axis of size 1; `axis` is its place in the result, -1 the last. */
export function expandDims<A extends Tensor, const X extends number>(
  x: A,
  options: { readonly axis: X } & Check<Inserted<S_<A>, X, 1>>,
): Tensor<Out<Inserted<S_<A>, X, 1>>, D_<A>> {
  return withAxis(x, options.axis, "expandDims");
}

/** x with a new axis of size 1; `where` names the public function. */
export function withAxis(x: Tensor, axis: number, where: string): Tensor {
  const shape: Shape = x.shape.toSpliced(normalizeAxis(axis, x.rank + 1, where), 0, 1);
  return reshape(x, shape);
}

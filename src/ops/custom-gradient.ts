import { ShapeError, ValueError } from "../core/errors.ts";
import { sameShape, shapeText } from "../core/shape.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { element } from "./element.ts";

/** The gradients of the inputs from that of the output: one tensor, or a list with null where there is none. */
export type CustomGradient = (
  dy: Tensor,
  values: { readonly inputs: readonly Tensor[]; readonly output: Tensor },
) => Tensor | readonly (Tensor | null)[];

/**
 * f with a gradient of its own, for a backward pass that is not the derivative (a straight-through estimator) or is
 * more stable than it. Both are written in ops, so that `gradient` can be differentiated again.
 *
 *     const roundThrough = customGradient((x) => x.round(), (dy) => dy);
 */
export function customGradient<const Xs extends readonly Tensor[]>(
  f: (...xs: Xs) => Tensor,
  gradient: CustomGradient,
): (...xs: Xs) => Tensor {
  const op = opOf(gradient);
  return (...xs) => apply(op, [f(...xs), ...xs]);
}

/** y(f(xs), ...xs) = f(xs): nothing flows into f's own nodes, and the xs get what `gradient` says. */
function opOf(gradient: CustomGradient): Op {
  return {
    name: "customGradient",
    kind: "map",
    infer: ([{ shape, dtype }]) => [{ shape, dtype }],
    scalar: (inputs) => ({ body: element(inputs, 0) }),
    simplify: ([y]) => y,
    grad: ([dy], { inputs: [, ...inputs], outputs: [output] }) => {
      const given = gradient(dy, { inputs, output });
      return [null, ...checked(isList(given) ? given : [given], inputs)];
    },
  };
}

function isList(given: Tensor | readonly (Tensor | null)[]): given is readonly (Tensor | null)[] {
  return Array.isArray(given);
}

function checked(dxs: readonly (Tensor | null)[], xs: readonly Tensor[]): readonly (Tensor | null)[] {
  if (dxs.length !== xs.length) {
    throw new ValueError(
      `customGradient: the gradient returned ${dxs.length} tensors for ${xs.length} inputs. Return one (or null) for each.`,
    );
  }
  dxs.forEach((dx, i) => {
    if (dx === null || sameShape(dx.shape, xs[i].shape)) return;
    throw new ShapeError(
      `customGradient: gradient ${i} has shape ${shapeText(dx.shape)}, but its input ${shapeText(xs[i].shape)}. Sum over the axes that f stretched.`,
    );
  });
  return dxs;
}

import { backward } from "../autodiff/backward.ts";
import { isFloat } from "../core/dtype.ts";
import { DTypeError, ShapeError, ValueError } from "../core/errors.ts";
import { sameShape, shapeText } from "../core/shape.ts";
import type { Any } from "../core/shape-types.ts";
import { Tensor } from "../graph/tensor.ts";
import { currentTrace, synchronous, type Trace } from "../graph/trace.ts";
import type { Variable } from "../graph/variable.ts";
import { fill } from "../ops/constant.ts";
import { identity } from "../ops/identity.ts";
import { together } from "./run-once.ts";

type Scalar = Tensor;

/** The gradient of each tensor argument; `null` stands for nothing: an argument that is not a tensor has none. */
export type GradientsOf<A extends readonly unknown[]> = { -readonly [I in keyof A]: A[I] extends Tensor ? A[I] : null };

/**
 * The function that gives df/dx for its first argument: f maps tensors to ONE number.
 *
 *     grad((x) => x.square().sum())(tensor([1, 2])) // [2, 4]
 *
 * Differentiates again: `grad(grad(f))`. Retraces at every call; wrap it in `compile` to trace once.
 */
export function grad<X extends Tensor, A extends readonly unknown[]>(
  f: (x: X, ...rest: A) => Scalar,
): (x: X, ...rest: A) => X {
  return (x, ...rest) => {
    const { gradients } = differentiate((all) => f(...(all as [X, ...A])), [x, ...rest], "grad");
    return gradients[0] as X;
  };
}

/** The function that gives f's value and the gradients of all its tensor arguments. */
export function valueAndGrad<A extends readonly unknown[]>(
  f: (...args: A) => Scalar,
): (...args: A) => { value: Tensor<[]>; gradients: GradientsOf<A> };
/** f's value, and its gradients with respect to Variables that it reads. */
export function valueAndGrad(
  f: () => Scalar,
  variables: readonly Variable[],
): { value: Tensor<[]>; gradients: Tensor[] };
export function valueAndGrad(f: (...args: Any[]) => Scalar, variables?: readonly Variable[]): unknown {
  if (variables !== undefined) return variableGradients(f, variables);
  return (...args: unknown[]) => differentiate((all) => f(...(all as Any[])), args, "valueAndGrad");
}

/**
 * The vector-Jacobian product: f's output, and a function from its gradient to those of the arguments. Outside a
 * traced function, `pull` runs f again.
 *
 *     const { value, pull } = vjp((x) => x.square(), x); const [dx] = pull(dy);
 */
export function vjp<A extends readonly Tensor[]>(
  f: (...args: A) => Tensor,
  ...args: A
): { value: Tensor; pull: (dy: Tensor) => Tensor[] } {
  const body = (xs: readonly Tensor[]): Tensor => f(...(xs as unknown as A));
  if (currentTrace() !== null) {
    const { y, pull } = pullback(body, args);
    return { value: y, pull: (dy) => pull(assertGradientOf(y, dy)) };
  }
  const [value] = together(() => [pullback(body, args).y]);
  return { value, pull: (dy) => together(() => gradientsIn(body, args, assertGradientOf(value, dy)).gradients) };
}

function assertGradientOf(y: Tensor, dy: Tensor): Tensor {
  if (sameShape(dy.shape, y.shape)) return dy;
  throw new ShapeError(
    `vjp: expected a gradient of the output's shape ${shapeText(y.shape)}, got ${shapeText(dy.shape)}.`,
  );
}

/** In the current trace: y = f(xs), and the gradients of the xs from that of y (1 when null). */
export function gradientsIn(
  f: (xs: readonly Tensor[]) => Tensor,
  args: readonly Tensor[],
  dy: Tensor | null,
): { y: Tensor; gradients: Tensor[] } {
  const { y, pull } = pullback(f, args);
  return { y, gradients: pull(dy ?? fill(y.shape, 1, y.dtype)) };
}

/** In the current trace: y = f(xs), and the way from its gradient to those of the xs. */
function pullback(
  f: (xs: readonly Tensor[]) => Tensor,
  args: readonly Tensor[],
): { y: Tensor; pull: (dy: Tensor) => Tensor[] } {
  const trace = currentTrace() as Trace;
  const from = trace.length;
  // A name of their own: what f captures from outside is a constant to it.
  const xs = args.map((x) => identity(x) as Tensor);
  const y = trace.lift(synchronous(f(xs)));
  const nodes = Array.from({ length: trace.length - from }, (_, i) => trace.node(from + i));
  const pull = (dy: Tensor): Tensor[] => {
    const found = backward(nodes, [y], [dy], xs);
    return found.map((dx, i) => dx ?? fill(xs[i].shape, 0, xs[i].dtype));
  };
  return { y, pull };
}

function differentiate(
  f: (args: readonly unknown[]) => Scalar,
  args: readonly unknown[],
  where: string,
): { value: Tensor; gradients: (Tensor | null)[] } {
  const at = args.flatMap((x, i) => (x instanceof Tensor && isFloat(x.dtype) ? [i] : []));
  if (where === "grad" && at[0] !== 0)
    throw new DTypeError(`${where}: expected a float tensor as the first argument, got ${describe(args[0])}.`);
  if (at.length === 0) throw new DTypeError(`${where}: none of the ${args.length} arguments is a float tensor.`);
  const results = together(() => {
    const put = (xs: readonly Tensor[]) => f(args.map((x, i) => (at.includes(i) ? xs[at.indexOf(i)] : x)));
    const { y, gradients } = gradientsIn(
      (xs) => assertScalar(synchronous(put(xs)), where),
      at.map((i) => args[i] as Tensor),
      null,
    );
    return [y, ...gradients];
  });
  const [value, ...gradients] = results;
  return { value, gradients: args.map((_, i) => (at.includes(i) ? gradients[at.indexOf(i)] : null)) };
}

function describe(x: unknown): string {
  return x instanceof Tensor ? `${x.dtype} ${shapeText(x.shape)}` : typeof x;
}

function assertScalar(y: unknown, where: string): Tensor {
  if (!(y instanceof Tensor))
    throw new ValueError(`${where}: expected the function to return a tensor, got ${typeof y}.`);
  if (y.size !== 1 || !isFloat(y.dtype)) {
    throw new ShapeError(
      `${where}: expected the function to return one float, got ${y.dtype} of shape ${shapeText(y.shape)}. End it with .sum() or .mean().`,
    );
  }
  return y;
}

/** Variables' gradients; assignments inside f happen. */
function variableGradients(f: () => Scalar, variables: readonly Variable[]): { value: Tensor; gradients: Tensor[] } {
  const [value, ...gradients] = together(() => {
    const trace = currentTrace() as Trace;
    const xs = variables.map((variable) => trace.readVariable(variable));
    const from = trace.length;
    const y = trace.lift(assertScalar(synchronous(f()), "valueAndGrad"));
    const nodes = Array.from({ length: trace.length - from }, (_, i) => trace.node(from + i));
    const found = backward(nodes, [y], [fill(y.shape, 1, y.dtype)], xs);
    return [y, ...found.map((dx, i) => dx ?? fill(xs[i].shape, 0, xs[i].dtype))];
  });
  return { value, gradients };
}

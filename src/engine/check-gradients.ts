import { isFloat } from "../core/dtype.ts";
import { DTypeError, GradwiseError, ShapeError, ValueError } from "../core/errors.ts";
import { fold, keyOf, threefry } from "../core/random-key.ts";
import { shapeText, sizeOf } from "../core/shape.ts";
import type { Shape } from "../core/shape-types.ts";
import { hostTensor, Tensor } from "../graph/tensor.ts";
import { currentTrace } from "../graph/trace.ts";
import type { Variable } from "../graph/variable.ts";
import { ops } from "../ops/index.ts";
import { compile } from "./compile.ts";
import { GradientReport, type Slope, type WorstGradient } from "./gradient-report.ts";
import { gradientsIn } from "./gradients.ts";

export interface CheckGradientsOptions {
  /** Derivatives up to this order are checked; 2 by default. */
  readonly order?: number;
  /** The step of the differences, in each element: 1e-5 by default. */
  readonly eps?: number;
  /** The largest relative error that passes: 1e-6 by default. */
  readonly tolerance?: number;
  /** Another seed, other directions. */
  readonly seed?: number;
  /** Variables to check besides the inputs. They are left as they are, though `f` may assign to them. */
  readonly variables?: readonly Variable[];
  /** Throws a GradwiseError that names the worst input and element when the check fails. */
  readonly throws?: boolean;
}

/** A function of all that is checked, and what it is called in reports. */
type Level = (xs: readonly Tensor[]) => Tensor;

/**
 * Compares the gradients of `f` with central differences in float64, in one random direction v for each input:
 *
 *     sum of v * df/dx   against   (f(x + eps v) - f(x - eps v)) / 2 eps
 *
 * A function of several values is first joined to one, with random weights. For each further order, the left side is
 * itself the function. Inputs that are not floats, and other arguments, are passed on as they are. `f` runs in
 * float64: what it captures is promoted, but a cast to float32 inside it limits what can be seen.
 *
 *     const report = checkGradients((x) => x.tanh().sum(), [x]);
 *     report.ok; report.worst; console.log(`${report}`);
 */
export function checkGradients<A extends readonly unknown[]>(
  f: (...inputs: A) => Tensor,
  inputs: readonly [...A],
  options: CheckGradientsOptions = {},
): GradientReport {
  const { order = 2, eps = 1e-5, tolerance = 1e-6, seed = 0, variables = [], throws = false } = options;
  if (!Number.isInteger(order) || order < 1)
    throw new ValueError(`checkGradients: expected an order of 1 or more, got ${order}.`);
  if (!(eps > 0)) throw new ValueError(`checkGradients: expected eps over 0, got ${eps}.`);
  if (currentTrace() !== null)
    throw new GradwiseError("checkGradients: it reads values, so it cannot run inside a traced function.");
  const call = (args: readonly unknown[]): Tensor => f(...(args as unknown as A));
  const check = new Check(call, inputs, variables, { eps, tolerance, seed });
  const found = Array.from({ length: order }, (_, i) => check.level(i + 1)).flat();
  const worst = found.reduce((a, b) => (b.relativeError > a.relativeError ? b : a));
  const report = new GradientReport(check.located(worst), order, tolerance);
  if (throws && !report.ok) throw new GradwiseError(report.toString());
  return report;
}

/** One input's directional derivative at one order. */
interface Finding extends Slope {
  readonly order: number;
  readonly input: number;
}

interface Precision {
  readonly eps: number;
  readonly tolerance: number;
  readonly seed: number;
}

/** Where more elements than this are suspect, halves of them are compared first. */
const EACH = 32;

class Check {
  readonly #names: string[] = [];
  readonly #points: Float64Array[] = [];
  readonly #shapes: Shape[] = [];
  /** By order: the function, a program of it, and its gradients where we stand. */
  readonly #levels: {
    readonly f: Level;
    readonly value: (points: readonly Float64Array[]) => number;
    readonly gradients: readonly Float64Array[];
  }[] = [];
  readonly #options: Precision;

  constructor(
    f: (args: readonly unknown[]) => Tensor,
    inputs: readonly unknown[],
    variables: readonly Variable[],
    options: Precision,
  ) {
    this.#options = options;
    const places = inputs.flatMap((x, i) => (x instanceof Tensor && isFloat(x.dtype) ? [i] : []));
    for (const i of places) this.#add(`argument ${i}`, inputs[i] as Tensor);
    for (const variable of variables) this.#add(`variable "${variable.name}"`, variable.read());
    if (this.#points.length === 0)
      throw new DTypeError(
        "checkGradients: neither inputs nor variables hold a float tensor. Give what f is differentiated by.",
      );
    const whole: Level = (xs) => {
      const args = inputs.map((x, i) => (places.includes(i) ? xs[places.indexOf(i)] : x));
      variables.forEach((variable, i) => {
        currentTrace()?.standIn(variable, xs[places.length + i]);
      });
      return joined(f(args), (shape) => this.#direction(0, -1, shape));
    };
    this.#prepare(whole);
  }

  /** Checks the derivative of this order of every input. */
  level(order: number): Finding[] {
    if (order > 1) this.#prepare(this.#derivative(order - 1));
    return this.#points.map((_, input) => ({ order, input, ...this.#slope(order, input, this.#vector(order, input)) }));
  }

  /** Which element is to blame for a finding: the worst of all, or of the half that differs more, and so on. */
  located(finding: Finding): WorstGradient {
    const { order, input } = finding;
    const vector = this.#vector(order, input);
    let [low, high] = [0, vector.length];
    const along = (from: number, to: number): Slope =>
      this.#slope(
        order,
        input,
        vector.map((v, i) => (i >= from && i < to ? v : 0)),
      );
    while (high - low > EACH) {
      const middle = (low + high) >>> 1;
      const [left, right] = [along(low, middle), along(middle, high)];
      if (left.relativeError >= right.relativeError) high = middle;
      else low = middle;
    }
    const element = (at: number): Slope & { readonly at: number } => ({
      at,
      ...this.#slope(order, input, unit(vector.length, at)),
    });
    const named = { order, input: this.#names[input], index: input, direction: finding };
    if (low === high) return { ...named, at: [], analytic: 0, numeric: 0, relativeError: 0 };
    const worst = Array.from({ length: high - low }, (_, i) => element(low + i)).reduce((a, b) =>
      b.relativeError > a.relativeError ? b : a,
    );
    const { analytic, numeric, relativeError } = worst;
    const at = coordinatesOf(worst.at, this.#shapes[input]);
    return { ...named, at, analytic, numeric, relativeError };
  }

  #add(name: string, x: Tensor): void {
    this.#names.push(name);
    this.#points.push(Float64Array.from(x.dataSync()));
    this.#shapes.push(x.shape);
  }

  #tensors(points: readonly Float64Array[]): Tensor[] {
    return points.map((values, i) => hostTensor(values, this.#shapes[i], "float64"));
  }

  #prepare(f: Level): void {
    const program = compile((...xs: Tensor[]) => f(xs));
    const gradients = compile((...xs: Tensor[]) => gradientsIn(f, xs, null).gradients);
    this.#levels.push({
      f,
      value: (points) => program(...this.#tensors(points)).dataSync()[0],
      gradients: gradients(...this.#tensors(this.#points)).map((dx) => dx.dataSync() as Float64Array),
    });
  }

  /** The sum of all directional derivatives of the function of an order: the function of the next. */
  #derivative(order: number): Level {
    const { f } = this.#levels[order - 1];
    return (xs) => {
      const { gradients } = gradientsIn(f, xs, null);
      const parts = gradients.map(
        (dx, i) => ops.sum(ops.mul(dx, this.#direction(order, i, this.#shapes[i]))) as Tensor,
      );
      return parts.reduce((a, b) => ops.add(a, b));
    };
  }

  /** The derivative along a vector, from the gradient and by differences. */
  #slope(order: number, input: number, vector: Float64Array): Slope {
    const { value, gradients } = this.#levels[order - 1];
    const { eps, tolerance } = this.#options;
    const moved = (by: number): number =>
      value(this.#points.map((x, i) => (i === input ? x.map((v, k) => v + by * vector[k]) : x)));
    const [up, down] = [moved(eps), moved(-eps)];
    const numeric = (up - down) / (2 * eps);
    const analytic = gradients[input].reduce((sum, g, k) => (vector[k] === 0 ? sum : sum + g * vector[k]), 0);
    // What rounding of f alone makes of a difference: slopes that small are 0 to it.
    const noise = (4 * Number.EPSILON * Math.max(1, Math.abs(up), Math.abs(down))) / eps;
    const scale = Math.max(Math.abs(analytic) + Math.abs(numeric), noise / tolerance);
    const relativeError = Math.abs(analytic - numeric) / scale;
    return { analytic, numeric, relativeError: Number.isNaN(relativeError) ? Number.POSITIVE_INFINITY : relativeError };
  }

  #vector(order: number, input: number): Float64Array {
    return randomVector(this.#options.seed, order, input, sizeOf(this.#shapes[input]));
  }

  #direction(order: number, input: number, shape: Shape): Tensor {
    return hostTensor(randomVector(this.#options.seed, order, input, sizeOf(shape)), shape, "float64");
  }
}

/** One number of many: their sum, weighted at random so that errors do not cancel. */
function joined(y: unknown, weights: (shape: Shape) => Tensor): Tensor {
  if (!(y instanceof Tensor))
    throw new ValueError(`checkGradients: expected the function to return a tensor, got ${typeof y}.`);
  if (!isFloat(y.dtype))
    throw new DTypeError(`checkGradients: expected the function to return floats, got ${y.dtype}.`);
  if (y.size === 0)
    throw new ShapeError(`checkGradients: the function returned no values, shape ${shapeText(y.shape)}.`);
  return y.size === 1 ? ops.cast(ops.reshape(y, []), "float64") : ops.sum(ops.mul(y, weights(y.shape)));
}

/** Elements of either sign, from 0.5 to 1.5: none is overlooked. A single one is 1. */
function randomVector(seed: number, order: number, input: number, size: number): Float64Array {
  if (size === 1) return Float64Array.of(1);
  const key = fold(fold(keyOf(seed), order), input + 1);
  return Float64Array.from({ length: size }, (_, i) => {
    const [magnitude, sign] = threefry(key, [0, i]);
    return (0.5 + magnitude / 2 ** 32) * (sign & 1 ? 1 : -1);
  });
}

function unit(size: number, at: number): Float64Array {
  const vector = new Float64Array(size);
  vector[at] = 1;
  return vector;
}

function coordinatesOf(index: number, shape: Shape): number[] {
  const at: number[] = [];
  let rest = index;
  for (const n of shape.toReversed()) {
    at.unshift(rest % n);
    rest = Math.floor(rest / n);
  }
  return at;
}

/** A derivative from gradients and from differences. */
export interface Slope {
  readonly analytic: number;
  readonly numeric: number;
  /** |analytic - numeric| / (|analytic| + |numeric|), where differences can tell: 0 is as good as 0 + rounding. */
  readonly relativeError: number;
}

/** Where gradient and differences disagree most. */
export interface WorstGradient extends Slope {
  /** Of the first, second, ... derivative. */
  readonly order: number;
  /** `argument 0`, or `variable "kernel"`. */
  readonly input: string;
  /** Its number among the float arguments, then the variables. */
  readonly index: number;
  /** The element's coordinates. */
  readonly at: readonly number[];
  /** The same along the whole random direction, by which the input was found. */
  readonly direction: Slope;
}

/** What checkGradients found. */
export class GradientReport {
  readonly ok: boolean;
  /** The largest relative error of any input's directional derivative, of any order. */
  readonly relativeError: number;

  constructor(
    readonly worst: WorstGradient,
    readonly order: number,
    readonly tolerance: number,
  ) {
    this.relativeError = worst.direction.relativeError;
    this.ok = this.relativeError <= tolerance;
  }

  toString(): string {
    const { input, at, order, analytic, numeric, relativeError } = this.worst;
    const error = this.relativeError.toExponential(2);
    const element = `${input}${at.length === 0 ? "" : ` at [${at.join(", ")}]`}: the gradient is ${analytic}, differences give ${numeric} (relative error ${relativeError.toExponential(2)})`;
    if (this.ok)
      return `gradients agree to order ${this.order}: relative error ${error}; the worst element is ${element}`;
    const which = order === 1 ? "the gradient" : `the derivative of order ${order}`;
    return `checkGradients: ${which} is wrong, relative error ${error} over ${this.tolerance}. Worst is ${element}. Look at the grad of the ops or the customGradient on its way; at a kink, move the input.`;
  }
}

import type { DType } from "../core/dtype.ts";
import { DTypeError, ShapeError, ValueError } from "../core/errors.ts";
import { sameShape, shapeText } from "../core/shape.ts";
import type { Shape } from "../core/shape-types.ts";
import { executor } from "./executor.ts";
import type { Tensor } from "./tensor.ts";
import { currentTrace } from "./trace.ts";

export interface VariableOptions {
  readonly name?: string;
  /** Whether gradients are taken with respect to it by default. */
  readonly trainable?: boolean;
}

/**
 * The only mutable thing: a weight, optimizer or metric state, a moving average. Its values live in the engine's
 * heap. Inside a trace, `read` gives its current value there and `assign` its next.
 */
export class Variable {
  readonly shape: Shape;
  readonly dtype: DType;
  name: string;
  trainable: boolean;
  /** For the engine: where the values are. */
  readonly "~home": VariableHome;

  constructor(initial: Tensor, options: VariableOptions = {}) {
    this.shape = initial.shape;
    this.dtype = initial.dtype;
    this.name = options.name ?? "variable";
    this.trainable = options.trainable ?? true;
    this["~home"] = executor().createVariable(this, initial);
  }

  get size(): number {
    return this.shape.reduce((a, b) => a * b, 1);
  }

  read(): Tensor {
    return currentTrace()?.readVariable(this) ?? executor().readVariable(this);
  }

  /** Sets the values, now or, in a trace, at the end of the step. */
  assign(value: Tensor): void {
    if (!sameShape(value.shape, this.shape)) {
      throw new ShapeError(
        `variable "${this.name}": expected a value of shape ${shapeText(this.shape)}, got ${shapeText(value.shape)}.`,
      );
    }
    if (value.dtype !== this.dtype) {
      throw new DTypeError(
        `variable "${this.name}": expected ${this.dtype}, got ${value.dtype}. Use value.cast("${this.dtype}").`,
      );
    }
    const trace = currentTrace();
    if (trace === null) executor().writeVariable(this, value);
    else trace.assignVariable(this, value);
  }
}

/** Opaque to everything but the engine. */
export interface VariableHome {
  readonly address: number;
}

/** Throws unless `x` is a Variable. */
export function assertVariable(x: unknown, where: string): asserts x is Variable {
  if (!(x instanceof Variable)) throw new ValueError(`${where}: expected a Variable, got ${typeof x}.`);
}

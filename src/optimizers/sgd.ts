import { ValueError } from "../core/errors.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Spec } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/add.ts";
import { fill } from "../ops/constant.ts";
import { mul } from "../ops/mul.ts";
import { sub } from "../ops/sub.ts";
import {
  Optimizer,
  type OptimizerOptions,
  type OptimizerState,
  type StepContext,
  scalarLike,
  type Update,
} from "./optimizer.ts";

export interface SGDOptions extends OptimizerOptions {
  /** The share of the last step that goes on, 0 to 1; 0 by default. */
  readonly momentum?: number;
  /** Looks one step ahead along the momentum (Sutskever and others 2013); false by default. */
  readonly nesterov?: boolean;
}

/** w = w - lr g; with momentum m: v = m v - lr g, w = w + v; with Nesterov's: w = w + m v - lr g. */
export class SGD extends Optimizer {
  readonly momentum: number;
  readonly nesterov: boolean;

  constructor(options: SGDOptions = {}) {
    super(options, 0.01);
    this.momentum = options.momentum ?? 0;
    this.nesterov = options.nesterov ?? false;
    if (!(this.momentum >= 0 && this.momentum <= 1)) {
      throw new ValueError(`sgd: expected a momentum between 0 and 1, got ${String(this.momentum)}. Try 0.9.`);
    }
  }

  override get className(): string {
    return "SGD";
  }

  init({ shape, dtype }: Spec): OptimizerState {
    return this.momentum === 0 ? {} : { momentum: fill(shape, 0, dtype) };
  }

  update(g: Tensor, w: Tensor, state: OptimizerState, ctx: StepContext): Update {
    const step = mul(g, scalarLike(ctx.learningRate, w));
    if (this.momentum === 0) return { param: sub(w, step), state };
    const v = sub(mul(state["momentum"], this.momentum), step);
    const move = this.nesterov ? sub(mul(v, this.momentum), step) : v;
    return { param: add(w, move), state: { momentum: v } };
  }

  protected override getConfig(): JsonObject {
    return { momentum: this.momentum, nesterov: this.nesterov };
  }
}

/** Stochastic gradient descent; learningRate 0.01 by default. */
export function sgd(options: SGDOptions = {}): SGD {
  return new SGD(options);
}

import type { JsonObject } from "../formats/json.ts";
import type { Spec } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/add.ts";
import { fill } from "../ops/constant.ts";
import { div } from "../ops/div.ts";
import { mul } from "../ops/mul.ts";
import { sqrt } from "../ops/sqrt.ts";
import { square } from "../ops/square.ts";
import { sub } from "../ops/sub.ts";
import {
  assertDecay,
  assertEpsilon,
  Optimizer,
  type OptimizerOptions,
  type OptimizerState,
  type StepContext,
  scalarLike,
  type Update,
} from "./optimizer.ts";

export interface RMSpropOptions extends OptimizerOptions {
  /** The share of the old average that stays, 0.9 by default. */
  readonly rho?: number;
  /** The share of the last step that goes on; 0 by default. */
  readonly momentum?: number;
  /** Added under the root; 1e-7 by default. */
  readonly epsilon?: number;
  /** Divides by the gradients' deviation instead of their root mean square; false by default. */
  readonly centered?: boolean;
}

/**
 * v = rho v + (1 - rho) g^2, step = lr g / sqrt(v + eps), w = w - step (Hinton, Coursera lecture 6e, 2012).
 * Centered: a = rho a + (1 - rho) g, and v - a^2 for v in the step. With momentum: m = mu m + step, w = w - m.
 */
export class RMSprop extends Optimizer {
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly centered: boolean;

  constructor(options: RMSpropOptions = {}) {
    super(options, 0.001);
    this.rho = assertDecay(options.rho ?? 0.9, "rmsprop", "rho");
    this.momentum = assertDecay(options.momentum ?? 0, "rmsprop", "momentum");
    this.epsilon = assertEpsilon(options.epsilon ?? 1e-7, "rmsprop");
    this.centered = options.centered ?? false;
  }

  override get className(): string {
    return "RMSprop";
  }

  init({ shape, dtype }: Spec): OptimizerState {
    const zeros = fill(shape, 0, dtype);
    return {
      velocity: zeros,
      ...(this.momentum > 0 ? { momentum: zeros } : {}),
      ...(this.centered ? { averageGradient: zeros } : {}),
    };
  }

  update(g: Tensor, w: Tensor, state: OptimizerState, ctx: StepContext): Update {
    const { rho, epsilon } = this;
    const velocity = add(mul(state["velocity"], rho), mul(square(g), 1 - rho));
    const next: Record<string, Tensor> = { velocity };
    let v: Tensor = velocity;
    if (this.centered) {
      const a = add(mul(state["averageGradient"], rho), mul(g, 1 - rho));
      v = sub(velocity, square(a));
      next["averageGradient"] = a;
    }
    const step = div(mul(g, scalarLike(ctx.learningRate, w)), sqrt(add(v, epsilon)));
    if (this.momentum === 0) return { param: sub(w, step), state: next };
    const m = add(mul(state["momentum"], this.momentum), step);
    return { param: sub(w, m), state: { ...next, momentum: m } };
  }

  protected override getConfig(): JsonObject {
    return { rho: this.rho, momentum: this.momentum, epsilon: this.epsilon, centered: this.centered };
  }
}

/** RMSprop; learningRate 0.001 by default. */
export function rmsprop(options: RMSpropOptions = {}): RMSprop {
  return new RMSprop(options);
}

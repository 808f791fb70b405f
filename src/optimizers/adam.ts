import type { JsonObject } from "../formats/json.ts";
import type { Spec } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/add.ts";
import { fill } from "../ops/constant.ts";
import { div } from "../ops/div.ts";
import { integerPower } from "../ops/integer-power.ts";
import { maximum } from "../ops/maximum.ts";
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

export interface AdamOptions extends OptimizerOptions {
  /** The share of the mean gradient that stays, 0.9 by default. */
  readonly beta1?: number;
  /** The share of the mean squared gradient that stays, 0.999 by default. */
  readonly beta2?: number;
  /** Added to the root; 1e-7 by default. */
  readonly epsilon?: number;
  /** Divides by the greatest v so far (Reddi and others 2018); false by default. */
  readonly amsgrad?: boolean;
}

/**
 * m = m + (1 - b1) (g - m), v = v + (1 - b2) (g^2 - v), w = w - alpha m / (sqrt(v) + eps) with
 * alpha = lr sqrt(1 - b2^t) / (1 - b1^t) in step t (Kingma, Ba 2015, the order of section 2's last lines).
 */
export class Adam extends Optimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;

  constructor(options: AdamOptions = {}) {
    super(options, 0.001);
    this.beta1 = assertDecay(options.beta1 ?? 0.9, "adam", "beta1");
    this.beta2 = assertDecay(options.beta2 ?? 0.999, "adam", "beta2");
    this.epsilon = assertEpsilon(options.epsilon ?? 1e-7, "adam");
    this.amsgrad = options.amsgrad ?? false;
  }

  override get className(): string {
    return "Adam";
  }

  init({ shape, dtype }: Spec): OptimizerState {
    const zeros = fill(shape, 0, dtype);
    return { momentum: zeros, velocity: zeros, ...(this.amsgrad ? { velocityHat: zeros } : {}) };
  }

  update(g: Tensor, w: Tensor, state: OptimizerState, ctx: StepContext): Update {
    const { beta1, beta2, epsilon } = this;
    const alpha = mul(scalarLike(ctx.learningRate, w), scalarLike(this.#correction(ctx.step, w), w));
    const m = add(state["momentum"], mul(sub(g, state["momentum"]), 1 - beta1));
    const v = add(state["velocity"], mul(sub(square(g), state["velocity"]), 1 - beta2));
    const next = { momentum: m, velocity: v };
    if (!this.amsgrad) return { param: sub(w, div(mul(m, alpha), add(sqrt(v), epsilon))), state: next };
    const top = maximum(state["velocityHat"], v);
    const param = sub(w, div(mul(m, alpha), add(sqrt(top), epsilon)));
    return { param, state: { ...next, velocityHat: top } };
  }

  /**
   * sqrt(1 - b2^t) / (1 - b1^t), in float64, of betas in the parameter's precision, which is what Keras raises to t:
   * one unit in the last place of a float32 b^t would shift the first steps by 3e-5.
   */
  #correction(step: Tensor, w: Spec): Tensor {
    const round = w.dtype === "float32" ? Math.fround : (x: number): number => x;
    const [power1, power2] = [this.beta1, this.beta2].map((beta) => integerPower(round(beta), step));
    return div(sqrt(sub(1, power2)), sub(1, power1));
  }

  protected override getConfig(): JsonObject {
    return { beta_1: this.beta1, beta_2: this.beta2, epsilon: this.epsilon, amsgrad: this.amsgrad };
  }
}

/** Adam; learningRate 0.001 by default. */
export function adam(options: AdamOptions = {}): Adam {
  return new Adam(options);
}

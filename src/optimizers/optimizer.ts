import { ValueError } from "../core/errors.ts";
import { snakeCase } from "../core/words.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Spec } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { castTo } from "../ops/cast.ts";
import { mul } from "../ops/mul.ts";
import { sub } from "../ops/sub.ts";
import { clipByGlobalNorm, clipByNorm, clipByValue } from "./clip-gradients.ts";

/** What an optimizer remembers of one parameter, by name, in the parameter's dtype. */
export type OptimizerState = { readonly [name: string]: Tensor };

export interface StepContext {
  /** A scalar of the parameter's dtype. */
  readonly learningRate: Tensor;
  /** An int32 scalar: 1 in the first step. */
  readonly step: Tensor;
}

export interface Update {
  readonly param: Tensor;
  readonly state: OptimizerState;
}

/** At most one way to clip gradients. */
export interface OptimizerOptions {
  readonly learningRate?: number;
  /** Each step first takes this share, times the learning rate, off every parameter; none by default. */
  readonly weightDecay?: number;
  /** Every element of a gradient is brought into [-clipValue, clipValue]. */
  readonly clipValue?: number;
  /** Every parameter's gradient is scaled down to this norm. */
  readonly clipNorm?: number;
  /** All gradients are scaled down together to this norm. */
  readonly globalClipNorm?: number;
}

/** A rule that improves parameters by their gradients. `update` is pure, so that a step is traced and fused. */
export abstract class Optimizer {
  readonly weightDecay: number | null;
  readonly clipValue: number | null;
  readonly clipNorm: number | null;
  readonly globalClipNorm: number | null;
  #learningRate = 0;

  constructor(options: OptimizerOptions, defaultLearningRate: number) {
    this.learningRate = options.learningRate ?? defaultLearningRate;
    this.weightDecay = this.#decay(options.weightDecay);
    this.clipValue = this.#positive("clipValue", options.clipValue);
    this.clipNorm = this.#positive("clipNorm", options.clipNorm);
    this.globalClipNorm = this.#positive("globalClipNorm", options.globalClipNorm);
    const given = [this.clipValue, this.clipNorm, this.globalClipNorm].filter((limit) => limit !== null);
    if (given.length > 1) {
      throw new ValueError(
        `${this.name}: clipValue, clipNorm and globalClipNorm exclude each other, got ${given.length} of them. Choose one.`,
      );
    }
  }

  /** Keras's name of the class, in files too. */
  get className(): string {
    return this.constructor.name;
  }

  get name(): string {
    return snakeCase(this.className);
  }

  /** May change between steps, which recompiles nothing. */
  get learningRate(): number {
    return this.#learningRate;
  }

  set learningRate(value: number) {
    if (!(typeof value === "number" && value >= 0 && Number.isFinite(value))) {
      throw new ValueError(`${this.name}: expected a learningRate of at least 0, got ${String(value)}. Try 0.001.`);
    }
    this.#learningRate = value;
  }

  /** The state before the first step. */
  abstract init(param: Spec): OptimizerState;

  /** One step of one parameter. */
  abstract update(grad: Tensor, param: Tensor, state: OptimizerState, ctx: StepContext): Update;

  /** The gradients of all parameters, clipped as the options say. */
  clip(grads: readonly Tensor[]): readonly Tensor[] {
    const { clipValue, clipNorm, globalClipNorm } = this;
    if (clipNorm !== null) return grads.map((grad) => clipByNorm(grad, clipNorm));
    if (globalClipNorm !== null) return clipByGlobalNorm(grads, globalClipNorm);
    if (clipValue !== null) return grads.map((grad) => clipByValue(grad, clipValue));
    return grads;
  }

  /**
   * What `update` gets as the parameter: w - w weightDecay lr, decoupled from the gradient (Loshchilov, Hutter 2019), in
   * Keras's order of products.
   */
  decay(param: Tensor, { learningRate }: StepContext): Tensor {
    if (this.weightDecay === null) return param;
    return sub(param, mul(mul(param, this.weightDecay), scalarLike(learningRate, param)));
  }

  /** The options of a subclass by Keras's names. */
  protected getConfig(): JsonObject {
    return {};
  }

  /** As Keras writes it. */
  get config(): ConfigObject {
    const { name, learningRate, weightDecay, clipValue, clipNorm, globalClipNorm } = this;
    const clip = { clipnorm: clipNorm, global_clipnorm: globalClipNorm };
    const base = { name, learning_rate: learningRate, weight_decay: weightDecay, ...clip };
    return {
      module: "keras.optimizers",
      class_name: this.className,
      config: { ...base, clipvalue: clipValue, ...this.getConfig() },
      registered_name: null,
    };
  }

  #decay(value: number | null | undefined): number | null {
    if (value === undefined || value === null) return null;
    if (typeof value === "number" && value >= 0 && Number.isFinite(value)) return value;
    throw new ValueError(`${this.name}: expected a weightDecay of at least 0, got ${String(value)}. Try 0.004.`);
  }

  #positive(option: string, value: number | null | undefined): number | null {
    if (value === undefined || value === null) return null;
    if (typeof value === "number" && value > 0) return value;
    throw new ValueError(`${this.name}: expected ${option} > 0, got ${String(value)}. Leave it out for no clipping.`);
  }
}

/** A scalar as a parameter's dtype. */
export function scalarLike(x: Tensor, param: Spec): Tensor {
  return x.dtype === param.dtype ? x : castTo(x, param.dtype);
}

/** A share that stays from step to step, in [0, 1). */
export function assertDecay(value: number, where: string, option: string): number {
  if (value >= 0 && value < 1) return value;
  throw new ValueError(`${where}: expected ${option} at least 0 and below 1, got ${String(value)}. Try 0.9.`);
}

export function assertEpsilon(value: number, where: string): number {
  if (typeof value === "number" && value > 0) return value;
  throw new ValueError(`${where}: expected epsilon > 0, got ${String(value)}. Try 1e-7.`);
}

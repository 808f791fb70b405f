import type { Activation } from "../activations/activation.ts";
import { type ActivationLike, activationName, getActivation } from "../activations/get-activation.ts";
import { sizeOf } from "../core/shape.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Initializer } from "../initializers/initializer.ts";
import { add } from "../ops/add.ts";
import { concat } from "../ops/concat.ts";
import { ones } from "../ops/full.ts";
import { mul } from "../ops/mul.ts";
import { split } from "../ops/split.ts";
import { Recurrent, type RecurrentOptions } from "./recurrent.ts";
import type { RecurrentRule } from "./recurrent-rule.ts";

export interface LstmOptions<U extends number = number, All extends boolean = boolean>
  extends RecurrentOptions<U, All> {
  /** Of the gates; "sigmoid" by default. */
  readonly recurrentActivation?: ActivationLike | null;
  /** Starts the forget gate's bias at 1, so that memory lasts at first; true by default. */
  readonly unitForgetBias?: boolean;
}

/**
 * With z = x_t W + b + h_t-1 U in four parts and s the recurrent activation: i = s(z_i), f = s(z_f),
 * c_t = f c_t-1 + i activation(z_c), o = s(z_o), h_t = o activation(c_t). Hochreiter and Schmidhuber, Long short-term
 * memory, 1997, with the forget gate of Gers and others, 2000. The parts lie in the order i, f, c, o, as in Keras.
 */
export class LSTM<U extends number = number, All extends boolean = boolean> extends Recurrent<
  RecurrentRule<"lstm", U, All>
> {
  readonly recurrentActivation: Activation;
  readonly unitForgetBias: boolean;

  constructor(options: LstmOptions<U, All>) {
    super(options);
    const { recurrentActivation } = options;
    this.recurrentActivation = getActivation(recurrentActivation === undefined ? "sigmoid" : recurrentActivation);
    this.unitForgetBias = options.unitForgetBias ?? true;
  }

  override get className(): string {
    return "LSTM";
  }

  protected override get gates(): number {
    return 4;
  }

  protected override get states(): number {
    return 2;
  }

  protected override get biasStart(): Initializer {
    const { biasInitializer, unitForgetBias } = this;
    if (!unitForgetBias) return biasInitializer;
    return {
      config: biasInitializer.config,
      make: (shape, dtype, key) => {
        const units = sizeOf(shape) / 4;
        const [input, cells] = split(biasInitializer.make([3 * units], dtype, key), [units, 2 * units]);
        return concat([input, ones([units], { dtype }), cells]) as Tensor;
      },
    };
  }

  protected override step(z: Tensor, [, before]: readonly Tensor[]): readonly Tensor[] {
    const [input, forget, cell, output] = split(z, 4, { axis: -1 });
    const gate = this.recurrentActivation;
    const kept = mul(gate(forget), before);
    const c: Tensor = add(kept, mul(gate(input), this.activation(cell)));
    return [mul(gate(output), this.activation(c)), c];
  }

  override getConfig(): JsonObject {
    return {
      ...super.getConfig(),
      seed: this.seed,
      recurrent_activation: activationName(this.recurrentActivation, this.toString()),
      unit_forget_bias: this.unitForgetBias,
    };
  }
}

/** Long short-term memory: [batch, steps, features] -> [batch, units], or every step's with returnSequences. */
export function lstm<const U extends number, const All extends boolean = false>(
  options: LstmOptions<U, All>,
): LSTM<U, All> {
  return new LSTM(options);
}

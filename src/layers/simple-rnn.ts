import type { Tensor } from "../graph/tensor.ts";
import { Recurrent, type RecurrentOptions } from "./recurrent.ts";
import type { RecurrentRule } from "./recurrent-rule.ts";

/** h_t = activation(x_t W + b + h_t-1 U), h_0 = 0: Elman, Finding structure in time, 1990. */
export class SimpleRNN<U extends number = number, All extends boolean = boolean> extends Recurrent<
  RecurrentRule<"simpleRNN", U, All>
> {
  override get className(): string {
    return "SimpleRNN";
  }

  protected override get gates(): number {
    return 1;
  }

  protected override get states(): number {
    return 1;
  }

  protected override step(z: Tensor): readonly Tensor[] {
    return [this.activation(z)];
  }
}

/** A recurrent layer of one state: [batch, steps, features] -> [batch, units], or every step's with returnSequences. */
export function simpleRNN<const U extends number, const All extends boolean = false>(
  options: RecurrentOptions<U, All>,
): SimpleRNN<U, All> {
  return new SimpleRNN(options);
}

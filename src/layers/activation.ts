import type { Activation as Function } from "../activations/activation.ts";
import { type ActivationLike, activationName, getActivation } from "../activations/get-activation.ts";
import { ValueError } from "../core/errors.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Layer, type LayerOptions, type OpenShape } from "./layer.ts";
import type { Same } from "./shape-rule.ts";

export interface ActivationOptions extends LayerOptions {
  /** A name or a function. */
  readonly activation: ActivationLike;
}

/** y = activation(x). */
export class Activation extends Layer<Same> {
  readonly activation: Function;

  constructor(options: ActivationOptions) {
    super(options);
    if (options.activation === undefined || options.activation === null) {
      throw new ValueError(`${this}: expected an activation. Try layers.activation({ activation: "relu" }).`);
    }
    this.activation = getActivation(options.activation);
  }

  override get className(): string {
    return "Activation";
  }

  override call(x: Tensor): Tensor {
    return this.activation(x);
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    return [...inputShape];
  }

  override getConfig(): JsonObject {
    return { ...super.getConfig(), activation: activationName(this.activation, this.toString()) };
  }
}

/** An activation as a layer of its own. */
export function activation(options: ActivationOptions): Activation {
  return new Activation(options);
}

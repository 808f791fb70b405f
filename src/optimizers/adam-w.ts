import { Adam, type AdamOptions } from "./adam.ts";

/**
 * w = w - lr weightDecay w, then as adam: the decay does not pass through the moments, as a penalty in the loss would
 * (Loshchilov, Hutter, Decoupled Weight Decay Regularization, 2019).
 */
export class AdamW extends Adam {
  constructor(options: AdamOptions = {}) {
    super({ ...options, weightDecay: options.weightDecay ?? 0.004 });
  }

  override get className(): string {
    return "AdamW";
  }
}

/** Adam with decoupled weight decay, 0.004 by default; learningRate 0.001 by default. */
export function adamW(options: AdamOptions = {}): AdamW {
  return new AdamW(options);
}

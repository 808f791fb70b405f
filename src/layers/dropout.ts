import { StateError, ValueError } from "../core/errors.ts";
import { assertSeed } from "../core/random-source.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import { div } from "../ops/div.ts";
import { foldKey } from "../ops/fold-key.ts";
import { bernoulli } from "../ops/random.ts";
import { where } from "../ops/where.ts";
import { type CallContext, Layer, type LayerOptions, type OpenShape } from "./layer.ts";
import type { Same } from "./shape-rule.ts";

export interface DropoutOptions extends LayerOptions {
  /** The share of values that become 0 in training, at least 0 and below 1. */
  readonly rate: number;
  /** Mixed into the key of each call, so that layers with other seeds drop other values. */
  readonly seed?: number;
}

/**
 * In training, y = x / keep with probability keep = 1 - rate, and 0 otherwise (so that the mean stays); y = x in use.
 * Srivastava and others, Dropout, 2014; scaled in training, so that nothing is left to do afterwards.
 */
export class Dropout extends Layer<Same> {
  readonly rate: number;
  readonly seed: number | null;

  constructor(options: DropoutOptions) {
    super(options);
    this.rate = options.rate;
    this.seed = options.seed ?? null;
    if (!(typeof this.rate === "number" && this.rate >= 0 && this.rate < 1)) {
      throw new ValueError(`${this}: expected a rate of at least 0 and below 1, got ${String(this.rate)}. Try 0.5.`);
    }
    if (this.seed !== null) assertSeed(this.seed, this.toString());
  }

  override get className(): string {
    return "Dropout";
  }

  override call(x: Tensor, { training, key }: CallContext): Tensor {
    if (!training || this.rate === 0) return x;
    if (key === null)
      throw new StateError(`${this}: training needs a key. Pass { training: true, key: random.key(7) }.`);
    const keep = 1 - this.rate;
    const kept = bernoulli({ shape: x.shape, key: this.seed === null ? key : foldKey(key, this.seed), p: keep });
    return where(kept, div(x, keep), 0);
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    return [...inputShape];
  }

  override getConfig(): JsonObject {
    return { ...super.getConfig(), rate: this.rate, seed: this.seed, noise_shape: null };
  }
}

/** Values dropped at random in training, against overfitting. */
export function dropout(options: DropoutOptions): Dropout {
  return new Dropout(options);
}

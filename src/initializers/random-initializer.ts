// tested by src/initializers/initializers.test.ts
import type { DType } from "../core/dtype.ts";
import { type Key, keyOf } from "../core/random-key.ts";
import { assertSeed } from "../core/random-source.ts";
import type { Shape } from "../core/shape-types.ts";
import { together } from "../engine/run-once.ts";
import type { JsonObject } from "../formats/json.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";
import type { Initializer } from "./initializer.ts";

export interface SeedOptions {
  /** Draws the same values wherever it is used; by default each weight's key decides. */
  readonly seed?: number;
}

interface RandomRule {
  readonly className: string;
  /** The options by Keras's names, without the seed. */
  readonly config: JsonObject;
  readonly seed: number | undefined;
  readonly draw: (options: { readonly shape: Shape; readonly dtype: DType; readonly key: Tensor }) => Tensor;
}

/** An initializer that draws its values. */
export function randomInitializer({ className, config, seed, draw }: RandomRule): Initializer {
  if (seed !== undefined) assertSeed(seed, `initializers.${className}`);
  const full = { ...config, seed: seed ?? null };
  return {
    config: { module: "keras.initializers", class_name: className, config: full, registered_name: null },
    make: (shape, dtype, key: Key) => {
      const words = Uint32Array.from(seed === undefined ? key : keyOf(seed));
      // As one kernel: drawing op by op would compile, and pass over, each of a dozen. All layers run the same code.
      const drawn = () => [draw({ shape, dtype, key: hostTensor(words, [2], "uint32") })];
      return together(drawn, { numbersAsData: true })[0];
    },
  };
}

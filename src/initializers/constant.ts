// tested by src/initializers/initializers.test.ts
import { ValueError } from "../core/errors.ts";
import { fill } from "../ops/constant.ts";
import type { Initializer } from "./initializer.ts";

/** w = value; 0 by default. */
export function constant(options: { readonly value?: number } = {}): Initializer {
  const { value = 0 } = options;
  if (typeof value !== "number") {
    throw new ValueError(`initializers.constant: expected a number for value, got ${typeof value}. Try { value: 0 }.`);
  }
  return filled("Constant", { value }, value);
}

/** Every weight is `value`. */
export function filled(className: string, config: { readonly value?: number }, value: number): Initializer {
  return {
    config: { module: "keras.initializers", class_name: className, config, registered_name: null },
    make: (shape, dtype) => fill(shape, value, dtype),
  };
}

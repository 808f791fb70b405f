import { expect, it } from "vitest";
import { permutation } from "./permutation.ts";
import { keyOf } from "./random-key.ts";

// ops/random.test.ts compares permutations with JAX's.
it("holds every number once, and the same order for the same key", () => {
  for (const n of [0, 1, 5, 70_000]) {
    const order = permutation(keyOf(3), n);
    expect(order.toSorted()).toEqual(Int32Array.from({ length: n }, (_, i) => i));
    expect(permutation(keyOf(3), n)).toEqual(order);
  }
  expect(permutation(keyOf(3), 100)).not.toEqual(permutation(keyOf(4), 100));
});

import { expect, it } from "vitest";
import { fold, type Key, keyOf } from "../core/random-key.ts";
import { shuffle } from "./shuffle.ts";

function shuffled(key: Key, n: number): Int32Array {
  const order = new Int32Array(n);
  shuffle(key, order);
  return order;
}

it("holds every sample once", () => {
  for (const n of [0, 1, 2, 3, 100, 4000]) {
    const order = shuffled(keyOf(n), n);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
  }
});

it("follows the key alone", () => {
  expect(shuffled(keyOf(1), 100)).toEqual(shuffled(keyOf(1), 100));
  expect(shuffled(keyOf(1), 100)).not.toEqual(shuffled(keyOf(2), 100));
});

it("gives every order as often, by chi squared", () => {
  const counts = new Map<string, number>();
  const rounds = 24_000;
  for (let i = 0; i < rounds; i++) {
    const order = shuffled(fold(keyOf(3), i), 4).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  const expected = rounds / 24;
  const chi = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  // 23 degrees of freedom: above 49.7 once in 1,000 keys; this key is fixed.
  expect(chi).toBeLessThan(49.7);
});

it("brings every sample to every place", () => {
  const n = 50;
  const places = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < 5000; i++)
    shuffled(fold(keyOf(4), i), n).forEach((sample, at) => {
      (places[sample] as Float64Array)[at]++;
    });
  const chi = places.flatMap((row) => [...row]).reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
  // 49^2 degrees of freedom: mean 2401, standard deviation 69.
  expect(Math.abs(chi - 2401)).toBeLessThan(5 * 69);
});

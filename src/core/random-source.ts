import { ValueError } from "./errors.ts";
import { fold, type Key, keyOf } from "./random-key.ts";

/** The keys that are given out where none is named: fold(root, 0), fold(root, 1), ... */
let root: Key | null = null;
let drawn = 0;

/** Starts the default keys anew: from here on, the same calls give the same numbers. */
export function seedDefault(seed: number): void {
  assertSeed(seed, "random.seed");
  root = keyOf(seed);
  drawn = 0;
}

/** The next default key; without a seed, the first call begins anywhere. */
export function nextDefaultKey(): Key {
  root ??= keyOf(Math.floor(Math.random() * 2 ** 53));
  return fold(root, drawn++);
}

/** A seed of 32 bits, for what records the seed it ran with. */
export function drawSeed(): number {
  return nextDefaultKey()[0];
}

export function assertSeed(seed: number, where: string): void {
  if (!Number.isSafeInteger(seed))
    throw new ValueError(`${where}: expected a seed that is a whole number, got ${seed}.`);
}

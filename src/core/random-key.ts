/**
 * Threefry-2x32 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011), 20 rounds:
 * a counter-based generator, so a random number is a function of its key and its position alone.
 */
const ROTATIONS: readonly (readonly number[])[] = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
];
const PARITY = 0x1bd11bda;

/** A key: two 32-bit words. */
export type Key = readonly [number, number];

export function threefry(key: Key, counter: readonly [number, number]): Key {
  const ks = [key[0] >>> 0, key[1] >>> 0, (key[0] ^ key[1] ^ PARITY) >>> 0] as const;
  let x0 = (counter[0] + ks[0]) >>> 0;
  let x1 = (counter[1] + ks[1]) >>> 0;
  for (let group = 0; group < 5; group++) {
    for (const rotation of ROTATIONS[group % 2] as readonly number[]) {
      x0 = (x0 + x1) >>> 0;
      x1 = (((x1 << rotation) | (x1 >>> (32 - rotation))) ^ x0) >>> 0;
    }
    x0 = (x0 + (ks[(group + 1) % 3] as number)) >>> 0;
    x1 = (x1 + (ks[(group + 2) % 3] as number) + group + 1) >>> 0;
  }
  return [x0, x1];
}

/** The key of a seed: its high and low 32 bits, as in JAX. */
export function keyOf(seed: number): Key {
  return [Math.floor(seed / 2 ** 32) >>> 0, seed >>> 0];
}

/** A key of its own for the `data`-th use of `key`. */
export function fold(key: Key, data: number): Key {
  return threefry(key, [0, data >>> 0]);
}

/** A number for a name: its UTF-16 codes hashed by FNV-1a. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/** A key of its own for a name. */
export function foldName(key: Key, name: string): Key {
  return fold(key, hashName(name));
}

import { fold, type Key } from "../core/random-key.ts";

/**
 * 0 to n - 1 in a random order: the exchanges of Fisher and Yates (Knuth, volume 2, algorithm P) by words of xoshiro128**
 * (Blackman, Vigna 2018), whose state the key gives. A random word an exchange from the key itself, as random.permutation
 * draws it, would take longer than a small network's epoch.
 */
export function shuffled(key: Key, n: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  let [a, b] = fold(key, 0);
  let [c, d] = fold(key, 1);
  for (let i = n - 1; i > 0; i--) {
    const fives = Math.imul(b, 5);
    const word = Math.imul((fives << 7) | (fives >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    // floor(u (i + 1)) for u = word / 2^32, exact while i < 2^21 and as good as even beyond.
    const j = Math.floor((word / 2 ** 32) * (i + 1));
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}

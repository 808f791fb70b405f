import type { TypedArray } from "../core/dtype.ts";
import { fold, type Key } from "../core/random-key.ts";

/**
 * Writes 0 to n - 1 in a random order: the exchanges of Fisher and Yates (Knuth, volume 2, algorithm P) by words of xoshiro128**
 * (Blackman, Vigna 2018), whose state the key gives. A random word an exchange from the key itself, as random.permutation
 * draws it, would take longer than a small network's epoch.
 */
export function shuffle(key: Key, order: TypedArray): void {
  const n = order.length;
  for (let i = 0; i < n; i++) order[i] = i;
  // As int32, or V8 computes the whole loop in doubles: 8 times slower.
  let [a, b, c, d] = [...fold(key, 0), ...fold(key, 1)].map((word) => word | 0);
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
    // floor(u (i + 1)) for u = word / 2^32, exact while i < 2^21 and as good as even beyond; V8 floors less fast than it cuts.
    const j = ((word / 2 ** 32) * (i + 1)) >>> 0;
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
}

import { fold, type Key, threefry } from "./random-key.ts";

/**
 * 0 to n - 1 in a random order, as jax.random.permutation has it: sorted by random words (equal ones stay in order), as
 * many times as it takes to make equal words not matter: ceil(3 ln n / ln(2^32 - 1)).
 */
export function permutation(key: Key, n: number): Int32Array {
  let order: Uint32Array = Uint32Array.from({ length: n }, (_, i) => i);
  let current = key;
  const rounds = Math.ceil((3 * Math.log(Math.max(1, n))) / Math.log(2 ** 32 - 1));
  for (let round = 0; round < rounds; round++) {
    // The halves of a split are the folds of 0 and 1.
    const drawn = fold(current, 1);
    current = fold(current, 0);
    const words = new Uint32Array(n);
    for (let i = 0; i < n; i++) {
      const [high, low] = threefry(drawn, [0, i]);
      words[i] = high ^ low;
    }
    order = sortedBy(words, order);
  }
  return Int32Array.from(order);
}

/** Stable radix sort, by the words' lower and then their upper 16 bits. */
function sortedBy(words: Uint32Array, values: Uint32Array): Uint32Array {
  let keys = words;
  let order = values;
  for (const shift of [0, 16]) {
    const starts = new Uint32Array(2 ** 16 + 1);
    for (const word of keys) starts[((word >>> shift) & 0xffff) + 1]++;
    for (let digit = 0; digit < 2 ** 16; digit++) starts[digit + 1] += starts[digit];
    const nextKeys = new Uint32Array(keys.length);
    const nextOrder = new Uint32Array(keys.length);
    for (let i = 0; i < keys.length; i++) {
      const at = starts[(keys[i] >>> shift) & 0xffff]++;
      nextKeys[at] = keys[i];
      nextOrder[at] = order[i];
    }
    keys = nextKeys;
    order = nextOrder;
  }
  return order;
}

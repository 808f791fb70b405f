import type { TypedArray } from "../../src/core/dtype.ts";

/** FNV-1a of all words, in two runs of 32 bits. Every NaN counts as the same one: its payload means nothing. */
export function hashBits(arrays: readonly TypedArray[]): string {
  const hashes = [0x811c9dc5, 0x01000193];
  const take = (word: number): void => {
    for (const i of [0, 1]) {
      const mixed = Math.imul(hashes[i] ^ word, 0x01000193);
      hashes[i] = mixed ^ (mixed >>> (13 + i));
    }
  };
  for (const array of arrays) {
    take(array.length);
    // What is no float is the same as a float64, but for uint64, which no dtype is.
    const words = new Uint32Array((array instanceof Float32Array ? array.slice() : Float64Array.from(array)).buffer);
    const wordsEach = words.length / array.length;
    for (let i = 0; i < array.length; i++) {
      if (Number.isNaN(array[i])) take(0x7fc00000);
      else for (let k = 0; k < wordsEach; k++) take(words[i * wordsEach + k]);
    }
  }
  return hashes.map((hash) => (hash >>> 0).toString(16).padStart(8, "0")).join("");
}

import { ValueError } from "../core/errors.ts";

export interface SplitOptions<Sizes extends readonly number[]> {
  /** Examples in each part. Their sum may be less than there are labels: the rest is in no part. */
  readonly sizes: Sizes;
  /** An integer from 0 to 2^32 - 1. The same seed gives the same parts on every machine. */
  readonly seed: number;
}

/**
 * Disjoint parts of 0 ... labels.length - 1, in which the classes have the same shares as in `labels`, up to rounding.
 * Each part is shuffled.
 *
 * A part of `size` examples takes n_c * size / N of a class with n_c of the N examples not yet taken: rounded down,
 * and the part's missing examples go to the classes with the largest remainders (Hamilton's method).
 */
export function splitIndices<const Sizes extends readonly number[]>(
  labels: ArrayLike<number>,
  options: SplitOptions<Sizes>,
): { -readonly [Part in keyof Sizes]: Int32Array } {
  const { sizes, seed } = options;
  checkSizes(sizes, labels.length);
  checkSeed(seed);
  const random = uniformBelow(seed);
  const classes = indicesByClass(labels);
  for (const { indices } of classes) shuffle(indices, random);
  const parts = sizes.map((size, part) => {
    const counts = quotas(classes, size);
    checkCounts(classes, counts, { part, size });
    const indices = classes.flatMap((group, c) => group.indices.splice(0, counts[c]));
    return Int32Array.from(shuffle(indices, random));
  });
  return parts as { -readonly [Part in keyof Sizes]: Int32Array };
}

interface ClassGroup {
  readonly label: number;
  readonly total: number;
  /** Those not yet in a part. */
  readonly indices: number[];
}

function indicesByClass(labels: ArrayLike<number>): ClassGroup[] {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!Number.isInteger(label)) {
      throw new ValueError(
        `splitIndices: labels[${i}] is ${label}, expected an integer class. Pass class numbers, not values.`,
      );
    }
    const indices = groups.get(label);
    if (indices === undefined) groups.set(label, [i]);
    else indices.push(i);
  }
  const sorted = [...groups].toSorted(([a], [b]) => a - b);
  return sorted.map(([label, indices]) => ({ label, total: indices.length, indices }));
}

/** How many of each class a part of `size` takes. In integers, so that no rounding differs between machines. */
function quotas(classes: readonly ClassGroup[], size: number): number[] {
  const left = classes.reduce((sum, { indices }) => sum + indices.length, 0);
  const remainders = classes.map(({ indices }) => (indices.length * size) % left);
  const counts = classes.map(({ indices }, c) => (indices.length * size - remainders[c]) / left);
  const missing = size - counts.reduce((sum, count) => sum + count, 0);
  const byRemainder = remainders.map((_, c) => c).toSorted((a, b) => remainders[b] - remainders[a] || a - b);
  for (const c of byRemainder.slice(0, missing)) counts[c]++;
  return counts;
}

function checkCounts(
  classes: readonly ClassGroup[],
  counts: readonly number[],
  { part, size }: { part: number; size: number },
): void {
  const absent = counts.indexOf(0);
  if (absent < 0) return;
  const { label, total } = classes[absent];
  throw new ValueError(
    `splitIndices: class ${label} has ${total} ${total === 1 ? "example" : "examples"}, too few for one in every ` +
      `part: part ${part} of size ${size} would get none. Make that part larger, or leave the class out.`,
  );
}

function checkSizes(sizes: readonly number[], count: number): void {
  if (sizes.length === 0)
    throw new ValueError("splitIndices: sizes is empty, expected the size of each part, such as [800, 200].");
  sizes.forEach((size, part) => {
    if (Number.isInteger(size) && size > 0) return;
    throw new ValueError(
      `splitIndices: sizes[${part}] is ${size}, expected a positive integer. Give numbers of examples, not shares.`,
    );
  });
  const sum = sizes.reduce((total, size) => total + size, 0);
  if (sum > count) {
    throw new ValueError(
      `splitIndices: sizes [${sizes.join(", ")}] need ${sum} examples, got ${count} labels. Make the parts smaller.`,
    );
  }
}

function checkSeed(seed: number): void {
  if (seed >>> 0 === seed) return;
  throw new ValueError(`splitIndices: seed is ${seed}, expected an integer from 0 to ${2 ** 32 - 1}.`);
}

/** Fisher and Yates, in place. */
function shuffle(values: number[], random: (n: number) => number): number[] {
  for (let last = values.length - 1; last > 0; last--) {
    const other = random(last + 1);
    const value = values[last];
    values[last] = values[other];
    values[other] = value;
  }
  return values;
}

/**
 * Uniform integers below n: words of a Weyl sequence (steps of 2^32 / golden ratio) mixed by MurmurHash3's 32-bit
 * finaliser. A word past the largest multiple of n is drawn again, since `%` alone would favour small results.
 */
function uniformBelow(seed: number): (n: number) => number {
  let state = seed;
  const word = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let h = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  };
  return (n) => {
    const limit = 2 ** 32 - (2 ** 32 % n);
    let drawn = word();
    while (drawn >= limit) drawn = word();
    return drawn % n;
  };
}

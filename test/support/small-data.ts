/** A number in [0, 1) for each i, the same everywhere: the fractions of multiples of the golden ratio, mixed. */
function uniformAt(i: number): number {
  const word = Math.imul((i + 1) ^ ((i + 1) >>> 15), 0x9e3779b1);
  return ((word ^ (word >>> 13)) >>> 0) / 2 ** 32;
}

/** Rows of numbers in [-1, 1), and which of the classes a fixed rule says each is of. */
export function smallData(rows: number, features = 4, classes = 3): { x: number[][]; y: number[] } {
  const x = Array.from({ length: rows }, (_, r) =>
    Array.from({ length: features }, (_, c) => 2 * uniformAt(r * features + c) - 1),
  );
  const y = x.map((row) => {
    const scores = Array.from({ length: classes }, (_, k) =>
      row.reduce((sum, v, c) => sum + v * Math.cos(1.7 * k + c), 0),
    );
    return scores.indexOf(Math.max(...scores));
  });
  return { x, y };
}

/** Uniform numbers in [0, 1) from a seed (mulberry32): every peer, in its own process, gets the same data. */
export function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal numbers by Box and Muller: sqrt(-2 ln u) cos(2 pi v). */
export function normal(seed) {
  const next = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Points of the unit square; the target is 1 above the diagonal x0 + x1 = 1. */
export function halfSquare({ seed, examples }) {
  const next = uniform(seed);
  const x = Float32Array.from({ length: examples * 2 }, next);
  const y = new Float32Array(examples);
  for (let row = 0; row < examples; row++) y[row] = x[2 * row] + x[2 * row + 1] > 1 ? 1 : 0;
  return { examples, features: 2, outputs: 1, x, y };
}

/**
 * Normal clouds around one centre a class, with a tenth of the labels drawn at random, so that the
 * loss stays well above zero however long a fast peer trains.
 * `labels` are class numbers, `y` the same one-hot: each peer takes the form it is quicker with.
 */
export function clouds({ seed, examples, features, classes, distance = 0.1 }) {
  const gauss = normal(seed);
  const next = uniform(seed + 1);
  const centres = Float32Array.from({ length: classes * features }, () => distance * gauss());
  const x = new Float32Array(examples * features);
  const y = new Float32Array(examples * classes);
  const labels = new Int32Array(examples);
  for (let row = 0; row < examples; row++) {
    const cloud = Math.floor(next() * classes);
    const label = next() < 0.1 ? Math.floor(next() * classes) : cloud;
    labels[row] = label;
    y[row * classes + label] = 1;
    for (let k = 0; k < features; k++) x[row * features + k] = centres[cloud * features + k] + gauss();
  }
  return { examples, features, outputs: classes, x, y, labels };
}

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

/** Noise with one slow wave a feature; the target is the mean of the first feature's last 50 steps, and some noise. */
export function waves({ seed, examples, steps, features }) {
  const gauss = normal(seed);
  const next = uniform(seed + 1);
  const x = new Float32Array(examples * steps * features);
  const y = new Float32Array(examples);
  for (let row = 0; row < examples; row++) {
    for (let feature = 0; feature < features; feature++) {
      const level = gauss();
      const phase = 2 * Math.PI * next();
      for (let step = 0; step < steps; step++) {
        const value = level + Math.sin(phase + step / 8) + 0.3 * gauss();
        x[(row * steps + step) * features + feature] = value;
        if (feature === 0 && 2 * step >= steps) y[row] += (2 * value) / steps;
      }
    }
    y[row] += 0.3 * gauss();
  }
  return { examples, features: steps * features, outputs: 1, x, y };
}

/** Rows of whole numbers; half of a row's come from its class's own share of the vocabulary, a tenth of labels are random. */
export function tokens({ seed, examples, length, vocabulary, classes }) {
  const next = uniform(seed);
  const below = (limit) => Math.floor(next() * limit);
  const share = Math.floor(vocabulary / classes);
  const x = new Int32Array(examples * length);
  const y = new Float32Array(examples * classes);
  const labels = new Int32Array(examples);
  for (let row = 0; row < examples; row++) {
    const kind = below(classes);
    for (let at = 0; at < length; at++)
      x[row * length + at] = next() < 0.5 ? kind * share + below(share) : below(vocabulary);
    labels[row] = next() < 0.1 ? below(classes) : kind;
    y[row * classes + labels[row]] = 1;
  }
  return { examples, features: length, outputs: classes, x, y, labels };
}

/** Normal features; the target is a sine of one random direction plus another direction, and some noise. */
export function surface({ seed, examples, features }) {
  const gauss = normal(seed);
  const direction = () => Float32Array.from({ length: features }, () => gauss() / Math.sqrt(features));
  const [bent, straight] = [direction(), direction()];
  const x = Float32Array.from({ length: examples * features }, gauss);
  const y = new Float32Array(examples);
  for (let row = 0; row < examples; row++) {
    const along = (d) => d.reduce((sum, value, k) => sum + value * x[row * features + k], 0);
    y[row] = Math.sin(2 * along(bent)) + along(straight) + 0.2 * gauss();
  }
  return { examples, features, outputs: 1, x, y };
}

/** Two square matrices of normal numbers, row by row: x and y. */
export function matrices({ seed, side }) {
  const gauss = normal(seed);
  const matrix = () => Float32Array.from({ length: side * side }, gauss);
  return { examples: 1, features: side * side, outputs: side * side, x: matrix(), y: matrix() };
}

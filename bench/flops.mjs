/** Floating-point operations of one example (or product), counting a multiply-add as two; elementwise work is left out. */
const windowed = (size, kernel) => size - kernel + 1;

// For each layer: its products' operations forward, and the shape that it hands on. `recurrent` is the part of them
// that has an input gradient even in the first layer.
const layers = {
  dense: (shape, { units }) => ({
    forward: 2 * shape.at(-1) * units * shape.slice(0, -1).reduce((a, b) => a * b, 1),
    shape: [...shape.slice(0, -1), units],
  }),
  conv2d: ([height, width, channels], { filters, kernelSize }) => {
    const out = [windowed(height, kernelSize), windowed(width, kernelSize), filters];
    return { forward: 2 * kernelSize * kernelSize * channels * out[0] * out[1] * out[2], shape: out };
  },
  maxPooling2d: ([height, width, channels], { poolSize }) => ({
    forward: 0,
    shape: [Math.floor(height / poolSize), Math.floor(width / poolSize), channels],
  }),
  flatten: (shape) => ({ forward: 0, shape: [shape.reduce((a, b) => a * b, 1)] }),
  lstm: ([steps, features], { units }) => ({
    forward: 2 * steps * (features + units) * 4 * units,
    recurrent: 2 * steps * units * 4 * units,
    shape: [units],
  }),
  embedding: (shape, { outputDim }) => ({ forward: 0, shape: [...shape, outputDim], trains: true }),
  transformerBlock: ([length, width], { numHeads, keyDim, feedForward }) => ({
    forward:
      2 * length * width * numHeads * keyDim * 4 +
      2 * 2 * length * length * numHeads * keyDim +
      2 * 2 * length * width * feedForward,
    shape: [length, width],
  }),
  globalAveragePooling1d: ([, width]) => ({ forward: 0, shape: [width] }),
};

/** Training takes the forward products three times: outputs, weight gradients, input gradients (none for the data). */
export function flopsOf({ task, net, side }) {
  if (task === "product") return 2 * side ** 3;
  let shape = net.inputShape;
  let total = 0;
  let first = true;
  for (const { type, ...options } of net.layers) {
    const { forward, recurrent = 0, shape: next, trains } = layers[type](shape, options);
    if (task === "predict") total += forward;
    else total += first ? 2 * forward + recurrent : 3 * forward;
    if (forward > 0 || trains) first = false;
    shape = next;
  }
  return total;
}

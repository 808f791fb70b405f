import { normal } from "../../data.mjs";

const activations = {
  relu: ({ nn }, x) => nn.relu(x),
  sigmoid: ({ nn }, x) => nn.sigmoid(x),
  linear: (_, x) => x,
};

// Each layer: the shapes of its weights by the shape of its input, its output's shape, and its function of (weights, x).
// Pictures are [channels, height, width], as convGeneralDilated wants them.
const layers = {
  dense: ({ units, activation }, shape) => ({
    weights: [[shape.at(-1), units], [units]],
    shape: [...shape.slice(0, -1), units],
    call: (jax, [w, b], x) => activations[activation](jax, jax.numpy.matmul(x, w).add(b)),
  }),
  conv2d: ({ filters, kernelSize: size, activation }, [channels, height, width]) => ({
    weights: [
      [filters, channels, size, size],
      [filters, 1, 1],
    ],
    shape: [filters, height - size + 1, width - size + 1],
    call: (jax, [w, b], x) => activations[activation](jax, jax.lax.convGeneralDilated(x, w, [1, 1], "VALID").add(b)),
  }),
  maxPooling2d: ({ poolSize: size }, [channels, height, width]) => ({
    weights: [],
    shape: [channels, Math.floor(height / size), Math.floor(width / size)],
    call: ({ lax, numpy }, _, x) => lax.reduceWindow(x, (v) => numpy.max(v), [1, 1, size, size], [1, 1, size, size]),
  }),
  flatten: (_, shape) => ({
    weights: [],
    shape: [shape.reduce((a, b) => a * b, 1)],
    call: (_jax, _weights, x) => x.reshape([x.shape[0], -1]),
  }),
  lstm: ({ units }, [steps, features]) => ({
    weights: [[features, 4 * units], [units, 4 * units], [4 * units]],
    shape: [units],
    call: (jax, weights, x) => lstm(jax, weights, x, { steps, units }),
  }),
  embedding: ({ inputDim, outputDim }, shape) => ({
    weights: [[inputDim, outputDim]],
    shape: [...shape, outputDim],
    call: ({ numpy }, [table], x) => numpy.take(table, x, 0),
  }),
  transformerBlock,
  globalAveragePooling1d: (_, [, width]) => ({
    weights: [],
    shape: [width],
    call: ({ numpy }, _weights, x) => numpy.mean(x, 1),
  }),
};

/** It has no scan: the loop over time is unrolled into the jitted step. */
function lstm({ nn, numpy: np }, [wx, wh, b], x, { steps, units }) {
  const rows = x.shape[0];
  let [h, c] = [np.zeros([rows, units]), np.zeros([rows, units])];
  const inputs = np.matmul(x, wx).add(b); // [rows, steps, 4 units]: one product for all steps
  for (let t = 0; t < steps; t++) {
    const z = inputs.ref.slice([], t).add(np.matmul(h, wh.ref));
    const gate = (i) => z.ref.slice([], [i * units, (i + 1) * units]);
    c = nn
      .sigmoid(gate(1))
      .mul(c)
      .add(nn.sigmoid(gate(0)).mul(np.tanh(gate(2))));
    h = nn.sigmoid(gate(3)).mul(np.tanh(c.ref));
    z.dispose();
  }
  for (const used of [c, wh, inputs]) used.dispose();
  return h;
}

/** x = x + attention(norm(x)); x = x + dense(relu(dense(norm(x)))) */
function transformerBlock({ numHeads, keyDim, feedForward }, [length, width]) {
  const inner = numHeads * keyDim;
  const projections = [width, inner];
  const matrices = [projections, projections, projections, [inner, width], [width, feedForward], [feedForward, width]];
  return {
    weights: [
      ...matrices.flatMap(([rows, columns]) => [[rows, columns], [columns]]),
      [width],
      [width],
      [width],
      [width],
    ],
    shape: [length, width],
    call: (jax, weights, x) => {
      const { nn, numpy: np } = jax;
      const project = (i, of) => np.matmul(of, weights[2 * i]).add(weights[2 * i + 1]);
      const norm = (i, of) =>
        nn
          .standardize(of, -1, { epsilon: 1e-3 })
          .mul(weights[12 + 2 * i])
          .add(weights[13 + 2 * i]);
      // Its dotProductAttention needs Node 22. By hand, with the heads in front: [rows, heads, length, keyDim].
      const heads = (of, axes) => np.transpose(of.reshape([of.shape[0], length, numHeads, keyDim]), axes);
      const normed = norm(0, x.ref);
      const q = heads(project(0, normed.ref), [0, 2, 1, 3]);
      const k = heads(project(1, normed.ref), [0, 2, 3, 1]);
      const v = heads(project(2, normed), [0, 2, 1, 3]);
      const shares = nn.softmax(np.matmul(q, k).mul(1 / Math.sqrt(keyDim)), -1);
      const mixed = np.transpose(np.matmul(shares, v), [0, 2, 1, 3]).reshape([-1, length, inner]);
      const middle = x.add(project(3, mixed));
      return middle.ref.add(project(5, nn.relu(project(4, norm(1, middle)))));
    },
  };
}

export function lacksLayer({ net }) {
  const missing = net?.layers.find(({ type }) => !layers[type]);
  return missing && `no ${missing.type} here`;
}

/** The weights, as arrays of He-normal numbers (vectors 0, a norm's scale 1), and the net's function of (weights, x). */
export function makeNet(jax, net) {
  const { numpy: np } = jax;
  const gauss = normal(4);
  let shape = net.inputShape.length === 3 ? [net.inputShape[2], ...net.inputShape.slice(0, 2)] : net.inputShape;
  const made = net.layers.map(({ type, ...options }) => {
    const layer = layers[type](options, shape);
    shape = layer.shape;
    return layer;
  });
  const fanIn = (size) => (size.length === 4 ? size[1] * size[2] * size[3] : size[0]);
  const weight = (size, i, type) => {
    if (type === "transformerBlock" && i >= 12) return i % 2 === 0 ? np.ones(size) : np.zeros(size);
    if (size.length !== 2 && size.length !== 4) return np.zeros(size);
    const scale = Math.sqrt(2 / fanIn(size));
    const count = size.reduce((a, b) => a * b, 1);
    return np.array(Float32Array.from({ length: count }, () => gauss() * scale)).reshape(size);
  };
  const weights = made.flatMap((layer, at) => layer.weights.map((size, i) => weight(size, i, net.layers[at].type)));
  const forward = (params, x) => {
    let at = 0;
    return made.reduce((value, layer) => {
      const own = params.slice(at, (at += layer.weights.length));
      return layer.call(jax, own, value);
    }, x);
  };
  return { weights, forward };
}

/** One batch's inputs in the shape that the net takes. */
export function inputsOf(np, { inputShape, integers }, values, rows) {
  const shape = inputShape.length === 3 ? [inputShape[2], ...inputShape.slice(0, 2)] : inputShape;
  return np.array(values, integers ? { dtype: np.int32 } : undefined).reshape([rows, ...shape]);
}

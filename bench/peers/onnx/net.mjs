import { normal } from "../../data.mjs";
import { constant, model, node } from "./model.mjs";

const product = (sizes) => sizes.reduce((a, b) => a * b, 1);

/** Collects the nodes and weights of a net, layer by layer; pictures are [channels, height, width]. */
class Builder {
  nodes = [];
  constants = [];
  #gauss = normal(4);
  #names = 0;

  name() {
    return `v${this.#names++}`;
  }

  weight(shape, fanIn) {
    const name = this.name();
    const scale = fanIn ? Math.sqrt(2 / fanIn) : 0;
    const values = Float32Array.from({ length: product(shape) }, () => scale * this.#gauss());
    this.constants.push(constant(name, shape, values));
    return name;
  }

  add(type, inputs, attributes) {
    const output = this.name();
    this.nodes.push(node(type, inputs, [output], attributes));
    return output;
  }

  activate(activation, x) {
    if (activation === "linear") return x;
    return this.add(activation === "relu" ? "Relu" : "Sigmoid", [x]);
  }
}

const layers = {
  dense: (net, x, [inputs], { units, activation }) => {
    const sum = net.add("Gemm", [x, net.weight([inputs, units], inputs), net.weight([units])]);
    return { x: net.activate(activation, sum), shape: [units] };
  },
  conv2d: (net, x, [channels, height, width], { filters, kernelSize: size, activation }) => {
    const kernel = net.weight([filters, channels, size, size], channels * size * size);
    const sum = net.add("Conv", [x, kernel, net.weight([filters])], { kernel_shape: [size, size] });
    return { x: net.activate(activation, sum), shape: [filters, height - size + 1, width - size + 1] };
  },
  maxPooling2d: (net, x, [channels, height, width], { poolSize: size }) => ({
    x: net.add("MaxPool", [x], { kernel_shape: [size, size], strides: [size, size] }),
    shape: [channels, Math.floor(height / size), Math.floor(width / size)],
  }),
  flatten: (net, x, shape) => ({ x: net.add("Flatten", [x]), shape: [product(shape)] }),
};

export function missingLayer({ layers: wanted }) {
  return wanted.find(({ type }) => !layers[type])?.type;
}

/** The net for one example, its input "x" and output "y". */
export function predictionModel({ inputShape, layers: wanted }) {
  const input = inputShape.length === 3 ? [inputShape[2], inputShape[0], inputShape[1]] : inputShape;
  const net = new Builder();
  let at = { x: "x", shape: input };
  for (const { type, ...options } of wanted) at = layers[type](net, at.x, at.shape, options);
  net.nodes.push(node("Identity", [at.x], ["y"]));
  const bytes = model({
    inputs: { x: [1, ...input] },
    outputs: { y: [1, ...at.shape] },
    nodes: net.nodes,
    constants: net.constants,
  });
  return { bytes, shape: [1, ...input] };
}

export function productModel(side) {
  const square = [side, side];
  return model({
    inputs: { a: square, b: square },
    outputs: { y: square },
    nodes: [node("MatMul", ["a", "b"], ["y"])],
  });
}

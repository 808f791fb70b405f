// A training step of a dense net as one graph: it takes the weights and the optimizer's state, and returns them changed.
import { normal } from "../../data.mjs";
import { constant, model, node } from "./model.mjs";

class Graph {
  nodes = [];
  constants = [];
  #names = 0;

  add(type, inputs, attributes, output = `t${this.#names++}`) {
    this.nodes.push(node(type, inputs, [output], attributes));
    return output;
  }

  number(value, shape = []) {
    const name = `c${this.#names++}`;
    const count = shape.reduce((a, b) => a * b, 1);
    this.constants.push(constant(name, shape, new Float32Array(count).fill(value)));
    return name;
  }

  /** value * x */
  scaled(value, x) {
    return this.add("Mul", [x, this.number(value)]);
  }
}

// Forward, and the gradient dx by dy and y.
const activations = {
  linear: { call: (_, x) => x, grad: (_, dy) => dy },
  relu: {
    call: (g, x) => g.add("Relu", [x]),
    grad: (g, dy, y) => g.add("Where", [g.add("Greater", [y, g.number(0)]), dy, g.number(0)]),
  },
  sigmoid: {
    call: (g, x) => g.add("Sigmoid", [x]),
    grad: (g, dy, y) => g.add("Mul", [dy, g.add("Mul", [y, g.add("Sub", [g.number(1), y])])]),
  },
};

// The gradient by the output; the loss itself is the graph's output "loss".
const losses = {
  meanSquaredError: (g, output, y, { count }) => {
    const error = g.add("Sub", [output, y]);
    g.add("ReduceMean", [g.add("Mul", [error, error])], { keepdims: 0 }, "loss");
    return g.scaled(2 / count, error);
  },
  softmaxCrossEntropy: (g, output, y, { count, batch }) => {
    const log = g.add("LogSoftmax", [output], { axis: 1 });
    const mean = g.add("ReduceMean", [g.add("Mul", [log, y])], { keepdims: 0 });
    g.add("Mul", [mean, g.number(-count / batch)], {}, "loss");
    return g.scaled(1 / batch, g.add("Sub", [g.add("Exp", [log]), y]));
  },
};

// Each writes the outputs "p0'", "m0'" ... from "p0", "m0" ... and the gradient; `rate` is an input of Adam's graph.
const optimizers = {
  // m = momentum m - lr g; p = p + m
  sgd: (g, i, grad, { learningRate, momentum }) => {
    const kept = g.scaled(momentum, `m${i}`);
    const m = g.add("Sub", [kept, g.scaled(learningRate, grad)], {}, `m${i}'`);
    g.add("Add", [`p${i}`, m], {}, `p${i}'`);
  },
  // m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; p = p (1 - lr decay) - rate m / (sqrt(v) + eps)
  adam: (g, i, grad, { beta1, beta2, epsilon, learningRate, weightDecay = 0 }) => {
    const m = g.add("Add", [g.scaled(beta1, `m${i}`), g.scaled(1 - beta1, grad)], {}, `m${i}'`);
    const square = g.scaled(1 - beta2, g.add("Mul", [grad, grad]));
    const v = g.add("Add", [g.scaled(beta2, `v${i}`), square], {}, `v${i}'`);
    const divisor = g.add("Add", [g.add("Sqrt", [v]), g.number(epsilon)]);
    const change = g.add("Div", [g.add("Mul", [m, "rate"]), divisor]);
    const p = weightDecay > 0 ? g.scaled(1 - learningRate * weightDecay, `p${i}`) : `p${i}`;
    g.add("Sub", [p, change], {}, `p${i}'`);
  },
};
optimizers.adamW = optimizers.adam;

/** Shapes of the weights: a matrix and a row of biases for each layer. */
function weightShapes({ inputShape, layers }) {
  let inputs = inputShape[0];
  return layers.flatMap(({ units }) => {
    const shapes = [
      [inputs, units],
      [1, units],
    ];
    inputs = units;
    return shapes;
  });
}

function addForward(g, layers) {
  const values = ["x"];
  for (const [i, { activation }] of layers.entries()) {
    const sum = g.add("Gemm", [values.at(-1), `p${2 * i}`, `p${2 * i + 1}`]);
    values.push(activations[activation].call(g, sum));
  }
  return values;
}

function addBackward(g, layers, values, dOutput, batch) {
  const grads = [];
  let dy = dOutput;
  for (let i = layers.length - 1; i >= 0; i--) {
    dy = activations[layers[i].activation].grad(g, dy, values[i + 1]);
    grads[2 * i] = g.add("Gemm", [values[i], dy], { transA: 1 });
    grads[2 * i + 1] = g.add("MatMul", [g.number(1, [1, batch]), dy]); // sums of the columns
    if (i > 0) dy = g.add("Gemm", [dy, `p${2 * i}`], { transB: 1 });
  }
  return grads;
}

/** The model's bytes, its state by name, as shapes, and the first values of that state. */
export function trainingModel({ net, loss, optimizer, batch }) {
  const { inputShape, layers } = net;
  const g = new Graph();
  const values = addForward(g, layers);
  const outputs = layers.at(-1).units;
  const dOutput = losses[loss](g, values.at(-1), "y", { count: batch * outputs, batch });
  const grads = addBackward(g, layers, values, dOutput, batch);
  for (const [i, grad] of grads.entries()) optimizers[optimizer.name](g, i, grad, optimizer);
  const kinds = optimizer.name === "sgd" ? ["p", "m"] : ["p", "m", "v"];
  const shapes = weightShapes(net);
  const state = Object.fromEntries(kinds.flatMap((kind) => shapes.map((shape, i) => [`${kind}${i}`, shape])));
  const primed = Object.fromEntries(Object.entries(state).map(([name, shape]) => [`${name}'`, shape]));
  const rate = optimizer.name === "sgd" ? {} : { rate: [1] };
  const bytes = model({
    inputs: { x: [batch, ...inputShape], y: [batch, outputs], ...rate, ...state },
    outputs: { loss: [], ...primed },
    nodes: g.nodes,
    constants: g.constants,
  });
  return { bytes, state, initial: initialState(state) };
}

function initialState(state) {
  const gauss = normal(4);
  return Object.fromEntries(
    Object.entries(state).map(([name, [rows, columns]]) => {
      const scale = name.startsWith("p") && rows > 1 ? Math.sqrt(2 / rows) : 0;
      return [name, Float32Array.from({ length: rows * columns }, () => scale * gauss())];
    }),
  );
}

import { paced } from "../pace.mjs";

export const packages = ["brain.js"];

// Its dense network knows no softmax: it fits one-hot targets by squares.
const losses = { meanSquaredError: "squared error", softmaxCrossEntropy: "squared error" };

// Its activation is the output layer's too, and there neither relu nor leaky relu learns W2. Sigmoid does, as fast.
const activations = { sigmoid: "sigmoid", relu: "sigmoid" };

export function lacks({ task, net, loss, optimizer }) {
  if (task === "product") return "no matrix product of its own";
  const missing = net.layers.find(({ type }) => type !== "dense");
  if (missing) return `no ${missing.type} that trains by batches of examples`;
  if (optimizer && !["sgd", "adam"].includes(optimizer.name)) return `no ${optimizer.name}`;
  return loss && !losses[loss] ? `no ${loss}` : undefined;
}

function trainingOptions({ name, learningRate, momentum, beta1, beta2, epsilon }) {
  return name === "adam" ? { praxis: "adam", learningRate, beta1, beta2, epsilon } : { learningRate, momentum };
}

function describe({ loss, net }) {
  return `train, batch 1, ${activations[net.layers[0].activation]}, ${losses[loss]}`;
}

function makeNet(brain, { net, optimizer }) {
  const { layers, inputShape } = net;
  const made = new brain.NeuralNetwork({
    inputSize: inputShape[0],
    hiddenLayers: layers.slice(0, -1).map((layer) => layer.units),
    outputSize: layers.at(-1).units,
    activation: activations[layers[0].activation],
    ...(optimizer && trainingOptions(optimizer)),
  });
  made.initialize();
  return made;
}

/** One activation serves its whole network, and it updates after every single example. */
function openTraining(net, workload, examples) {
  let next = 0;
  const train = (count) => {
    const iterations = Math.max(1, Math.round(count / examples.length));
    const part = Math.min(count, examples.length);
    if (next + part > examples.length) next = 0;
    const status = net.train(examples.slice(next, next + part), { iterations, errorThresh: 1e-12 });
    next += part;
    return status.iterations * part;
  };
  const loss = () => {
    let sum = 0;
    for (const { input, output } of examples.slice(0, workload.batch)) {
      const prediction = net.run(input);
      for (let k = 0; k < output.length; k++) sum += (prediction[k] - output[k]) ** 2;
    }
    return sum / workload.batch;
  };
  return { setting: describe(workload), work: paced(1, train), loss };
}

export async function open(workload, data) {
  const { default: brain } = await import("brain.js");
  const net = makeNet(brain, workload);
  const examples = Array.from({ length: data.examples }, (_, row) => ({
    input: [...data.x.subarray(row * data.features, (row + 1) * data.features)],
    output: [...data.y.subarray(row * data.outputs, (row + 1) * data.outputs)],
  }));
  if (workload.task === "train") return openTraining(net, workload, examples);
  const predict = (times) => {
    for (let i = 0; i < times; i++) net.run(examples[i % examples.length].input);
  };
  return { setting: "run, sigmoid", work: paced(1, predict) };
}

export function bundle() {
  return {
    root: new URL("../", import.meta.url),
    page: `
      import { NeuralNetwork } from "brain.js";
      const net = new NeuralNetwork({ hiddenLayers: [128], activation: "sigmoid", praxis: "adam" });
      export const train = (examples) => net.train(examples);`,
  };
}

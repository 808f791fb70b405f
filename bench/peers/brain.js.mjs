import { paced } from "../pace.mjs";

export const packages = ["brain.js"];

// Its dense network knows no softmax: it fits one-hot targets by squares.
const losses = { meanSquaredError: "squared error", softmaxCrossEntropy: "squared error" };

// Its activation is the output layer's too, and there neither relu nor leaky relu learns W2. Sigmoid does, as fast.
const activations = { sigmoid: "sigmoid", relu: "sigmoid" };

export function lacks(workload) {
  return losses[workload.loss] ? undefined : `no ${workload.loss}`;
}

function trainingOptions({ name, learningRate, momentum, beta1, beta2, epsilon }) {
  return name === "adam" ? { praxis: "adam", learningRate, beta1, beta2, epsilon } : { learningRate, momentum };
}

function describe({ loss, net }) {
  return `train, batch 1, ${activations[net.layers[0].activation]}, ${losses[loss]}`;
}

/** One activation serves its whole network, and it updates after every single example. */
export async function open(workload, data) {
  const { default: brain } = await import("brain.js");
  const { layers } = workload.net;
  const examples = Array.from({ length: data.examples }, (_, row) => ({
    input: [...data.x.subarray(row * data.features, (row + 1) * data.features)],
    output: [...data.y.subarray(row * data.outputs, (row + 1) * data.outputs)],
  }));
  const net = new brain.NeuralNetwork({
    inputSize: data.features,
    hiddenLayers: layers.slice(0, -1).map((layer) => layer.units),
    outputSize: data.outputs,
    activation: activations[layers[0].activation],
    ...trainingOptions(workload.optimizer),
  });
  net.initialize();

  let next = 0;
  const train = (count) => {
    const iterations = Math.max(1, Math.round(count / data.examples));
    const part = Math.min(count, data.examples);
    if (next + part > data.examples) next = 0;
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
  return { setting: describe(workload), train: paced(1, train), loss };
}

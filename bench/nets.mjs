/** The nets that several workloads share, as data: README.md lists what a layer may be. */
export const digitsMlp = {
  inputShape: [784],
  layers: [
    { type: "dense", units: 128, activation: "relu" },
    { type: "dense", units: 10, activation: "linear" },
  ],
};

export const digitsCnn = {
  inputShape: [28, 28, 1],
  layers: [
    { type: "conv2d", filters: 32, kernelSize: 3, activation: "relu" },
    { type: "maxPooling2d", poolSize: 2 },
    { type: "conv2d", filters: 64, kernelSize: 3, activation: "relu" },
    { type: "maxPooling2d", poolSize: 2 },
    { type: "flatten" },
    { type: "dense", units: 128, activation: "relu" },
    { type: "dense", units: 10, activation: "linear" },
  ],
};

export const adam = { name: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

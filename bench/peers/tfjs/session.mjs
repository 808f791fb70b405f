import { Lacks } from "../../failure.mjs";
import { fastest, paced } from "../../pace.mjs";

// Its parts: the whole of @tensorflow/tfjs takes 0.1 to 0.2 s longer to import, for parts not used here.
export const packages = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-layers"];

const losses = {
  meanSquaredError: () => "meanSquaredError",
  softmaxCrossEntropy: (tf) => (y, output) => tf.losses.softmaxCrossEntropy(y, output),
};

const optimizers = {
  sgd: (tf, { learningRate, momentum }) => tf.train.momentum(learningRate, momentum),
  adam: (tf, { learningRate, beta1, beta2, epsilon }) => tf.train.adam(learningRate, beta1, beta2, epsilon),
};

// Its default, orthogonal, calls tensors' methods that only the whole package has.
const extraOptions = { lstm: { recurrentInitializer: "glorotUniform" } };

const withoutLayer = { transformerBlock: "no multiHeadAttention" };

// The kernels that a layer's gradient needs, and that not every backend has.
const gradientKernels = {
  conv2d: ["Conv2DBackpropFilter", "Conv2DBackpropInput"],
  maxPooling2d: ["MaxPoolGrad"],
};

export function lacks({ net, optimizer }) {
  const missing = net?.layers.map(({ type }) => withoutLayer[type]).find(Boolean);
  if (missing) return missing;
  return optimizer && !optimizers[optimizer.name] ? `no ${optimizer.name}` : undefined;
}

function assertKernels(tf, { net }) {
  const needed = net.layers.flatMap(({ type }) => gradientKernels[type] ?? []);
  const missing = [...new Set(needed)].filter((name) => !tf.getKernel(name, tf.getBackend()));
  if (missing.length > 0) throw new Lacks(`no kernel ${missing.join(", ")} in this backend`);
}

function makeModel(layers, { net }) {
  return layers.sequential({
    layers: net.layers.map(({ type, ...options }, i) =>
      layers.layers[type]({ ...options, ...extraOptions[type], ...(i === 0 && { inputShape: net.inputShape }) }),
    ),
  });
}

const rowsOf = (tf, x, start, count) => tf.slice(x, [start, ...x.shape.slice(1).fill(0)], [count, ...x.shape.slice(1)]);

function someOf(tf, { x, y }, start, count) {
  return { x: rowsOf(tf, x, start, count), y: rowsOf(tf, y, start, count) };
}

/** Every way to train, by name: `tune` times them and keeps the fastest on this workload. */
function makeWays(tf, model, all, batches, batch) {
  let next = 0;
  const trainOnBatch = async (steps) => {
    for (let i = 0; i < steps; i++) {
      await model.trainOnBatch(batches[next].x, batches[next].y);
      next = (next + 1) % batches.length;
    }
  };
  const fit = async (steps) => {
    // Less than an epoch is a fit on as many rows.
    const part = Math.min(steps, batches.length);
    const epochs = Math.round(steps / part);
    if (next + part > batches.length) next = 0;
    const rows = someOf(tf, all, next * batch, part * batch);
    next = (next + part) % batches.length;
    await model.fit(rows.x, rows.y, { epochs, batchSize: batch, shuffle: false, verbose: 0, yieldEvery: "never" });
    tf.dispose(rows);
    return epochs * part;
  };
  return { trainOnBatch: paced(batch, trainOnBatch), fit: paced(batch, fit) };
}

function openTraining(tf, layers, workload, data) {
  assertKernels(tf, workload);
  const { batch, net } = workload;
  const model = makeModel(layers, workload);
  const optimizer = optimizers[workload.optimizer.name](tf, workload.optimizer);
  model.compile({ optimizer, loss: losses[workload.loss](tf) });
  const all = {
    x: tf.tensor(data.x, [data.examples, ...net.inputShape]),
    y: tf.tensor(data.y, [data.examples, data.outputs]),
  };
  const batches = Array.from({ length: data.examples / batch }, (_, i) => someOf(tf, all, i * batch, batch));
  const ways = makeWays(tf, model, all, batches, batch);

  const session = {
    setting: "trainOnBatch",
    work: ways.trainOnBatch,
    async tune(milliseconds) {
      const { milliseconds: oneStep } = await ways.trainOnBatch(0);
      if (oneStep > milliseconds) return; // so slow that what surrounds a step does not matter
      session.setting = await fastest(ways, milliseconds);
      session.work = ways[session.setting];
    },
    loss: async () => {
      const value = model.evaluate(batches[0].x, batches[0].y, { batchSize: batch });
      return (await value.data())[0];
    },
  };
  return session;
}

function openPrediction(tf, layers, workload, data) {
  const model = makeModel(layers, workload);
  const rows = Array.from({ length: data.examples }, (_, i) =>
    data.x.slice(i * data.features, (i + 1) * data.features),
  );
  const run = (times) => {
    for (let i = 0; i < times; i++) {
      const x = tf.tensor(rows[i % rows.length], [1, ...workload.net.inputShape]);
      const y = model.predict(x);
      y.dataSync();
      tf.dispose([x, y]);
    }
  };
  return { setting: "predict, dataSync", work: paced(1, run) };
}

function openProduct(tf, { side }, data) {
  const [a, b] = [data.x, data.y].map((values) => tf.tensor2d(values, [side, side]));
  const run = (times) => {
    for (let i = 0; i < times; i++) tf.matMul(a, b).dispose();
  };
  return { setting: "matMul", work: paced(1, run) };
}

export async function openTfjs(workload, data, useBackend) {
  const [tf, layers] = await Promise.all([import("@tensorflow/tfjs-core"), import("@tensorflow/tfjs-layers")]);
  await useBackend(tf);
  await tf.ready();
  if (workload.task === "product") return openProduct(tf, workload, data);
  return (workload.task === "predict" ? openPrediction : openTraining)(tf, layers, workload, data);
}

/** A page that trains the workload's net with this backend. */
export function tfjsPage(backend) {
  return {
    root: new URL("../../", import.meta.url),
    page: `
      import { losses, setBackend, train } from "@tensorflow/tfjs-core";
      import { layers, sequential } from "@tensorflow/tfjs-layers";
      import "@tensorflow/tfjs-backend-${backend}";
      await setBackend("${backend}");
      const net = sequential({ layers: [
        layers.dense({ units: 128, activation: "relu", inputShape: [784] }), layers.dense({ units: 10 })] });
      net.compile({ optimizer: train.adam(1e-3), loss: (y, output) => losses.softmaxCrossEntropy(y, output) });
      export const fit = (x, y) => net.fit(x, y, { batchSize: 32 });`,
  };
}

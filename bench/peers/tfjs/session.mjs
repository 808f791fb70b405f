import { paced } from "../../pace.mjs";

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

export function lacks(workload) {
  return losses[workload.loss] && optimizers[workload.optimizer.name] ? undefined : "no such loss or optimizer here";
}

function makeModel(tf, layers, { net, loss, optimizer }) {
  const model = layers.sequential({
    layers: net.layers.map((layer, i) => layers.layers.dense(i === 0 ? { ...layer, inputShape: [net.inputs] } : layer)),
  });
  model.compile({ optimizer: optimizers[optimizer.name](tf, optimizer), loss: losses[loss](tf) });
  return model;
}

function rowsOf(tf, { x, y }, start, count) {
  return { x: tf.slice(x, [start, 0], [count, x.shape[1]]), y: tf.slice(y, [start, 0], [count, y.shape[1]]) };
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
    const rows = rowsOf(tf, all, next * batch, part * batch);
    next = (next + part) % batches.length;
    await model.fit(rows.x, rows.y, { epochs, batchSize: batch, shuffle: false, verbose: 0, yieldEvery: "never" });
    tf.dispose(rows);
    return epochs * part;
  };
  return { trainOnBatch: paced(batch, trainOnBatch), fit: paced(batch, fit) };
}

export async function openTfjs(workload, data, useBackend) {
  const [tf, layers] = await Promise.all([import("@tensorflow/tfjs-core"), import("@tensorflow/tfjs-layers")]);
  await useBackend(tf);
  await tf.ready();
  const { batch } = workload;
  const model = makeModel(tf, layers, workload);
  const all = {
    x: tf.tensor2d(data.x, [data.examples, data.features]),
    y: tf.tensor2d(data.y, [data.examples, data.outputs]),
  };
  const batches = Array.from({ length: data.examples / batch }, (_, i) => rowsOf(tf, all, i * batch, batch));
  const ways = makeWays(tf, model, all, batches, batch);

  const session = {
    setting: "trainOnBatch",
    train: ways.trainOnBatch,
    async tune(milliseconds) {
      const { milliseconds: oneStep } = await ways.trainOnBatch(0);
      if (oneStep > milliseconds) return; // so slow that what surrounds a step does not matter
      const speed = {};
      for (const [name, train] of Object.entries(ways)) {
        await train(0);
        const slice = await train(milliseconds);
        speed[name] = slice.examples / slice.milliseconds;
      }
      session.setting = speed.fit > speed.trainOnBatch ? "fit" : "trainOnBatch";
      session.train = ways[session.setting];
    },
    loss: async () => {
      const value = model.evaluate(batches[0].x, batches[0].y, { batchSize: batch });
      return (await value.data())[0];
    },
  };
  return session;
}

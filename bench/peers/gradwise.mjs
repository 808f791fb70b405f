import { existsSync } from "node:fs";
import { paced } from "../pace.mjs";

const entry = new URL("../../dist/node/index.js", import.meta.url);

export const packages = ["gradwise"];

export function lacks() {
  return existsSync(entry) ? undefined : "not built: run `npm run build` at the root";
}

const losses = {
  meanSquaredError: (gradwise) => gradwise.losses.meanSquaredError(),
  softmaxCrossEntropy: (gradwise) => gradwise.losses.sparseCategoricalCrossentropy({ fromLogits: true }),
};

function optimizer(gradwise, { name, ...options }) {
  return gradwise.optimizers[name](options);
}

export async function open(workload, data) {
  const gradwise = await import(entry.href);
  const { tensor, sequential, layers } = gradwise;
  const net = sequential(
    workload.net.layers.map((options) => layers.dense(options)),
    { seed: 1 },
  );
  net.compile({ optimizer: optimizer(gradwise, workload.optimizer), loss: losses[workload.loss](gradwise) });

  const { batch } = workload;
  const rows = (count) => ({
    x: tensor(data.x.slice(0, count * data.features)).reshape([count, data.features]),
    y: data.labels
      ? tensor(data.labels.slice(0, count))
      : tensor(data.y.slice(0, count * data.outputs)).reshape([count, data.outputs]),
  });
  const all = rows(data.examples);
  const stepsPerEpoch = data.examples / batch;

  const fit = async (steps) => {
    const epochs = Math.max(1, Math.round(steps / stepsPerEpoch));
    await net.fit(all.x, all.y, { epochs, batchSize: batch, shuffle: false, verbose: 0 });
    return epochs * stepsPerEpoch;
  };
  const loss = async () => {
    const probe = rows(batch);
    return (await net.evaluate(probe.x, probe.y, { batchSize: batch, verbose: 0 })).loss;
  };
  return { setting: "fit", train: paced(batch, fit), loss };
}

import { existsSync } from "node:fs";
import { Lacks } from "../failure.mjs";
import { paced } from "../pace.mjs";
import { makeLayers } from "./gradwise/layers.mjs";
import { transformerBlock } from "./gradwise/transformer-block.mjs";

const entry = new URL("../../dist/node/index.js", import.meta.url);

export const packages = ["gradwise"];

export function lacks() {
  return existsSync(entry) ? undefined : "not built: run `npm run build` at the root";
}

const losses = {
  meanSquaredError: (gradwise) => gradwise.losses.meanSquaredError(),
  softmaxCrossEntropy: (gradwise) => gradwise.losses.sparseCategoricalCrossentropy({ fromLogits: true }),
};

function makeOptimizer(gradwise, { name, ...options }) {
  if (!gradwise.optimizers[name]) throw new Lacks(`no optimizers.${name} yet`);
  return gradwise.optimizers[name](options);
}

/** Steps that one epoch of fit may have: all the data's, or a few where a step is so slow that those would take long. */
function partsOf(steps) {
  return [...new Set([steps, Math.ceil(steps / 4), Math.ceil(steps / 16), 1])];
}

async function openTraining(gradwise, workload, data, net) {
  net.compile({ optimizer: makeOptimizer(gradwise, workload.optimizer), loss: losses[workload.loss](gradwise) });
  const { batch } = workload;
  const { tensor } = gradwise;
  const rows = (count) => ({
    x: tensor(data.x.slice(0, count * data.features)).reshape([count, ...workload.net.inputShape]),
    y: data.labels
      ? tensor(data.labels.slice(0, count))
      : tensor(data.y.slice(0, count * data.outputs)).reshape([count, data.outputs]),
  });
  const parts = partsOf(data.examples / batch);
  const given = new Map(); // rows by the number of steps in them
  const fit = async (steps) => {
    const part = parts.find((count) => count <= steps) ?? 1;
    if (!given.has(part)) given.set(part, rows(part * batch));
    const { x, y } = given.get(part);
    const epochs = Math.max(1, Math.round(steps / part));
    await net.fit(x, y, { epochs, batchSize: batch, shuffle: false, verbose: 0 });
    return epochs * part;
  };
  const loss = async () => {
    const probe = rows(batch);
    return (await net.evaluate(probe.x, probe.y, { batchSize: batch, verbose: 0 })).loss;
  };
  return { setting: settingOf("fit"), work: paced(batch, fit), loss };
}

function openPrediction(gradwise, workload, data, net) {
  const { inputShape } = workload.net;
  net.build([null, ...inputShape]);
  const rows = Array.from({ length: data.examples }, (_, i) =>
    data.x.slice(i * data.features, (i + 1) * data.features),
  );
  const predict = async (times) => {
    for (let i = 0; i < times; i++) {
      const x = gradwise.tensor(rows[i % rows.length], { shape: [1, ...inputShape] });
      (await net.predict(x)).dataSync();
    }
  };
  return { setting: settingOf("predict"), work: paced(1, predict) };
}

function openProduct(gradwise, { side }, data) {
  const [a, b] = [data.x, data.y].map((values) => gradwise.tensor(values).reshape([side, side]));
  const multiply = gradwise.compile((x, y) => gradwise.matmul(x, y));
  const run = (times) => {
    for (let i = 0; i < times; i++) multiply(a, b);
  };
  return { setting: settingOf("compile(matmul)"), work: paced(1, run) };
}

/** How it works, and the settings that came by the environment. */
function settingOf(way) {
  const asked = Object.entries(process.env).filter(([name]) => /^GRADWISE_(THREADS|WIDE|PROFILE)$/.test(name));
  return [way, ...asked.map(([name, value]) => `${name.slice("GRADWISE_".length).toLowerCase()}=${value}`)].join(" ");
}

export async function open(workload, data) {
  const gradwise = await import(entry.href);
  if (workload.task === "product") return openProduct(gradwise, workload, data);
  const net = gradwise.sequential(makeLayers(gradwise, workload.net, { transformerBlock }), { seed: 1 });
  return workload.task === "predict"
    ? openPrediction(gradwise, workload, data, net)
    : openTraining(gradwise, workload, data, net);
}

export function bundle() {
  return {
    root: new URL("../../", import.meta.url),
    page: `
      import { layers, losses, optimizers, sequential } from "gradwise";
      const net = sequential([layers.dense({ units: 128, activation: "relu" }), layers.dense({ units: 10 })]);
      net.compile({ optimizer: optimizers.adam({ learningRate: 1e-3 }),
        loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }) });
      export const train = (x, y) => net.fit(x, y, { batchSize: 32 });`,
  };
}

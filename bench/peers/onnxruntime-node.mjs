import os from "node:os";
import { fastest, paced } from "../pace.mjs";
import { missingLayer, predictionModel, productModel } from "./onnx/net.mjs";
import { trainingModel } from "./onnx/training.mjs";

export const packages = ["onnxruntime-node"];

export function lacks({ task, net }) {
  const trains = ({ type }) => type === "dense";
  if (task === "train" && !net.layers.every(trains))
    return "it does not train; its steps are written here for dense nets";
  const missing = net && missingLayer(net);
  return missing && `no ${missing} in the graphs written here`;
}

/** One session for each number of threads, by name; `tune` keeps the faster. */
async function makeWays(ort, bytes, makeRun, countPerStep = 1) {
  const ways = {};
  for (const threads of new Set([1, os.availableParallelism()])) {
    const session = await ort.InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      graphOptimizationLevel: "all",
      enableCpuMemArena: true,
    });
    ways[`${threads} thread${threads > 1 ? "s" : ""}`] = paced(countPerStep, makeRun(session));
  }
  return ways;
}

function predicting(ort, shape, data) {
  const rows = Array.from({ length: data.examples }, (_, i) =>
    data.x.slice(i * data.features, (i + 1) * data.features),
  );
  return (session) => async (times) => {
    for (let i = 0; i < times; i++) {
      const { y } = await session.run({ x: new ort.Tensor("float32", rows[i % rows.length], shape) });
      if (y.data.length === 0) throw new Error("no output");
    }
  };
}

function multiplying(ort, side, data) {
  const [a, b] = [data.x, data.y].map((values) => new ort.Tensor("float32", values, [side, side]));
  return (session) => async (times) => {
    for (let i = 0; i < times; i++) await session.run({ a, b });
  };
}

/** Adam's rate with its bias corrections: lr sqrt(1 - b2^t) / (1 - b1^t). */
function rateAt(step, { learningRate, beta1, beta2 }) {
  return (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
}

/** Two sets of tensors for the state: each step reads one and writes the other. */
function training(ort, workload, data, { state, initial }) {
  const { batch, net, optimizer } = workload;
  const { inputShape } = net;
  const tensor = (values, shape) => new ort.Tensor("float32", values, shape);
  const batches = Array.from({ length: data.examples / batch }, (_, i) => {
    const rows = (values, width) => values.slice(i * batch * width, (i + 1) * batch * width);
    return {
      x: tensor(rows(data.x, data.features), [batch, ...inputShape]),
      y: tensor(rows(data.y, data.outputs), [batch, data.outputs]),
    };
  });
  const both = [
    initial,
    Object.fromEntries(Object.entries(initial).map(([name, v]) => [name, new Float32Array(v.length)])),
  ];
  const feeds = both.map((set) =>
    Object.fromEntries(Object.entries(set).map(([name, v]) => [name, tensor(v, state[name])])),
  );
  const fetches = both.map((_, i) => ({
    loss: null,
    ...Object.fromEntries(Object.entries(feeds[1 - i]).map(([name, value]) => [`${name}'`, value])),
  }));
  const rate = optimizer.name === "sgd" ? {} : { rate: tensor(new Float32Array(1), [1]) };
  let steps = 0;
  const step = async (session, at) => {
    if (rate.rate) rate.rate.data[0] = rateAt(steps + 1, optimizer);
    const { loss } = await session.run({ ...batches[at], ...rate, ...feeds[steps % 2] }, fetches[steps % 2]);
    steps++;
    return loss.data[0];
  };
  let any;
  const makeRun = (session) => {
    any = session;
    return async (count) => {
      for (let i = 0; i < count; i++) await step(session, steps % batches.length);
    };
  };
  // What it writes to the other set of tensors, the next step writes again: only the loss is kept.
  const loss = async () => {
    const { loss: value } = await any.run({ ...batches[0], ...rate, ...feeds[steps % 2] }, fetches[steps % 2]);
    return value.data[0];
  };
  return { makeRun, loss };
}

async function openTraining(ort, workload, data) {
  const made = trainingModel(workload);
  const { makeRun, loss } = training(ort, workload, data, made);
  const ways = await makeWays(ort, made.bytes, makeRun, workload.batch);
  return { ways, label: "step written as a graph", loss };
}

async function openOthers(ort, workload, data) {
  if (workload.task === "product") {
    const { side } = workload;
    return { ways: await makeWays(ort, productModel(side), multiplying(ort, side, data)), label: "MatMul" };
  }
  const { bytes, shape } = predictionModel(workload.net);
  return { ways: await makeWays(ort, bytes, predicting(ort, shape, data)), label: "run" };
}

export async function open(workload, data) {
  const { default: ort } = await import("onnxruntime-node");
  const make = workload.task === "train" ? openTraining : openOthers;
  const { ways, label, loss } = await make(ort, workload, data);
  const [first] = Object.keys(ways);
  const session = {
    setting: `${label}, ${first}`,
    work: ways[first],
    loss,
    async tune(milliseconds) {
      const name = await fastest(ways, milliseconds);
      session.setting = `${label}, ${name}`;
      session.work = ways[name];
    },
  };
  return session;
}

import os from "node:os";
import { fastest, paced } from "../pace.mjs";
import { missingLayer, predictionModel, productModel } from "./onnx/net.mjs";

export const packages = ["onnxruntime-node"];

export function lacks({ task, net }) {
  if (task === "train") return "it runs trained models; it does not train in Node";
  const missing = net && missingLayer(net);
  return missing && `no ${missing} in the graphs written here`;
}

/** One session for each number of threads, by name; `tune` keeps the faster. */
async function makeWays(ort, bytes, makeRun) {
  const ways = {};
  for (const threads of new Set([1, os.availableParallelism()])) {
    const session = await ort.InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      graphOptimizationLevel: "all",
      enableCpuMemArena: true,
    });
    ways[`${threads} thread${threads > 1 ? "s" : ""}`] = paced(1, makeRun(session));
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

export async function open(workload, data) {
  const { default: ort } = await import("onnxruntime-node");
  let ways;
  if (workload.task === "product") {
    ways = await makeWays(ort, productModel(workload.side), multiplying(ort, workload.side, data));
  } else {
    const { bytes, shape } = predictionModel(workload.net);
    ways = await makeWays(ort, bytes, predicting(ort, shape, data));
  }
  const [setting] = Object.keys(ways);
  const session = {
    setting,
    work: ways[setting],
    async tune(milliseconds) {
      session.setting = await fastest(ways, milliseconds);
      session.work = ways[session.setting];
    },
  };
  return session;
}

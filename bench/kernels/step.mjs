// node bench/kernels/step.mjs [--profile exact|fast] [--wide] [--batch 32] [--layers 784,128,10] [--rounds 30]
// Where the time of a training step goes: the kernels of its program, in order, each run alone on the step's own memory,
// and the whole step, in processor time. Run `npm run build` first.
import { parseArgs } from "node:util";
import { kernelCalls } from "../../dist/backends/wasm/call.js";
import { kernelProfile } from "../../dist/backends/wasm/kernel-profile.js";
import { lowerGraph } from "../../dist/backends/wasm/lower-graph.js";
import { bindProgram, emitProgram } from "../../dist/backends/wasm/program.js";
import { wasmBackend } from "../../dist/backends/wasm/wasm-backend.js";
import "../../dist/engine/for-node.js"; // tries wide tiles
import * as gradwise from "../../dist/index.js";
import { formatTable, median } from "../statistics.mjs";

const { values: options } = parseArgs({
  options: {
    profile: { type: "string", default: "fast" },
    wide: { type: "boolean", default: false },
    batch: { type: "string", default: "32" },
    layers: { type: "string", default: "784,128,10" },
    rounds: { type: "string", default: "30" },
  },
});
const batch = Number(options.batch);
const [features, ...units] = options.layers.split(",").map(Number);

/** Keeps the longest program that it compiles, with the addresses it is bound to. */
const seen = { calls: [] };
const backend = {
  ...wasmBackend,
  compile(graph, heap, given) {
    const executable = wasmBackend.compile(graph, heap, given);
    if (given.once) return executable;
    const bindParts = (bases) => {
      const lowering = lowerGraph(graph, kernelProfile(given.kernels));
      const parts = executable.bindParts(bases);
      const calls = kernelCalls(lowering.parts.flat());
      if (calls.length > seen.calls.length) Object.assign(seen, { calls, lowering, heap, bases, parts });
      return parts;
    };
    return { ...executable, bindParts };
  },
};
gradwise.engine.configure({ backend, profile: options.profile, wide: options.wide, threads: 1 });

const { layers, losses, optimizers, sequential, tensor } = gradwise;
const net = sequential(
  units.map((count, i) => layers.dense({ units: count, activation: i < units.length - 1 ? "relu" : undefined })),
  { seed: 1 },
);
net.compile({
  optimizer: optimizers.adam({ learningRate: 1e-3 }),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
});
const classes = units[units.length - 1];
const x = tensor(Float32Array.from({ length: batch * features }, (_, i) => ((i * 7919) % 1013) / 1013)).reshape([batch, features]);
const y = tensor(Int32Array.from({ length: batch }, (_, i) => i % classes));
await net.fit(x, y, { epochs: 3, batchSize: batch, verbose: 0 });

const { calls, lowering, heap, bases, parts } = seen;
const alone = (call) => {
  const single = { ...lowering, parts: [[call]] };
  return bindProgram(heap, emitProgram(heap, single), single, bases)[0];
};
const whole = () => {
  for (const part of parts) part();
};
const runs = [whole, ...calls.map(alone)];
/** Microseconds of this process, so that a busy machine costs little more than its caches. */
const clock = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
const times = runs.map(() => []);
for (const run of runs) for (const end = performance.now() + 60; performance.now() < end; ) run();
for (let round = 0; round < Number(options.rounds); round++) {
  runs.forEach((run, i) => {
    const repeats = i === 0 ? 100 : 50;
    const start = clock();
    for (let n = 0; n < repeats; n++) run();
    times[i].push((clock() - start) / repeats);
  });
}
const name = ({ step }) => (step.key.length > 60 ? `${step.key.slice(0, 59)}…` : step.key);
const sum = times.slice(1).reduce((total, list) => total + Math.min(...list), 0);
console.log(gradwise.engine.describe());
console.log(
  formatTable(
    ["kernel", "best us", "median us"],
    [
      ...calls.map((call, i) => [name(call), Math.min(...times[i + 1]).toFixed(2), median(times[i + 1]).toFixed(2)]),
      ["sum of the kernels", sum.toFixed(1), ""],
      ["whole step", Math.min(...times[0]).toFixed(1), median(times[0]).toFixed(1)],
    ],
    ["kernel"],
  ),
);
console.log(`${Math.round((batch / Math.min(...times[0])) * 1e6).toLocaleString("en-US")} examples/s at best`);

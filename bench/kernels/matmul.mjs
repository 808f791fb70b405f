// node bench/kernels/matmul.mjs [--json] [--dtype float32] [--rounds 40] [--profile exact|fast] [--wide] [--only 256x256]
// Matrix products of the wasm backend on one core, beside the ceiling of the same instructions in registers, measured
// in the same rounds. --wide needs Node 24.
// Run `npm run build` first.
import { parseArgs } from "node:util";
import { ModuleBuilder } from "../../dist/backends/wasm/assembler/module-builder.js";
import { kernelProfile, makeTile } from "../../dist/backends/wasm/kernel-profile.js";
import { laneTypes, relaxedMultiplyAdd } from "../../dist/backends/wasm/kernels/lane-type.js";
import { addMatmulKernels, matmulCall, matmulScratchBytes } from "../../dist/backends/wasm/kernels/matmul.js";
import "../../dist/engine/for-node.js"; // tries wide tiles
import { widenVectors } from "../../dist/platform/node.js";
import { describeMachine } from "../machine.mjs";
import { formatTable, median } from "../statistics.mjs";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    dtype: { type: "string" },
    rounds: { type: "string", default: "40" },
    profile: { type: "string", default: "fast" },
    wide: { type: "boolean", default: false },
    only: { type: "string", default: "" },
  },
});
const trouble = options.wide ? widenVectors() : null;
if (trouble !== null) throw new Error(trouble);
const profile = kernelProfile({ profile: options.profile, wide: options.wide });
const maximum = 4096;
const memory = new WebAssembly.Memory({ initial: 2048, maximum });
const rounds = Number(options.rounds);
const dtypes = ["float32", "float64"].filter((dtype) => (options.dtype ?? dtype) === dtype);
const throughputSlice = 4e7; // floating-point operations timed at once
const latencySlice = 2e6;

// [m, k, n, storage], as A[m, k] B[k, n]; "t" marks an operand that is stored transposed.
const throughputCases = [
  [256, 256, 256, "nn"],
  [1024, 1024, 1024, "nn"],
  [32, 784, 128, "nn"],
  [784, 32, 128, "tn"],
  [32, 128, 784, "nt"],
  [64, 64, 64, "nn"],
  [256, 256, 256, "nt"],
  [256, 256, 256, "tn"],
  [256, 256, 256, "tt"],
  [1024, 1024, 1024, "nt"],
  [1024, 1024, 1024, "tn"],
  [33, 101, 131, "nn"],
  [32, 400, 25, "nn"],
];
const latencyCases = [
  [2, 3, 1, "nn"],
  [2, 1, 3, "nn"],
  [32, 2, 3, "nn"],
  [32, 3, 1, "nn"],
  [32, 3, 2, "nt"],
  [2, 32, 3, "tn"],
  [1, 784, 128, "nn"],
  [1, 784, 10, "nn"],
  [1, 1024, 1024, "nn"],
  [1, 2048, 2048, "nn"],
  [1, 784, 128, "nt"],
  [1, 1024, 1024, "nt"],
  [1000, 1000, 1, "nn"],
];

const newModule = () => new ModuleBuilder({ memory: { shared: false, maximum } });
const instantiate = (bytes) => new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;

/** sum = sum * x + y in registers: no memory, but each chain waits for a product and a sum. */
function chainedLoop(lane) {
  const fused = profile.multiplyAdd === relaxedMultiplyAdd;
  return registerLoop(lane, 12, 24, (f, sums, [x, y]) => {
    for (const sum of [...sums, ...sums]) {
      f.get(sum).get(x);
      (fused ? f.get(y).op(lane.relaxedMadd) : f.op(lane.mul).get(y).op(lane.add)).set(sum);
    }
  });
}

/** sum = sum + x * y, with x read anew from one line of memory so that no product can be moved out of the loop. */
function reloadedLoop(lane) {
  const chains = options.wide ? 16 : 8; // joined in pairs, and a sum waits for the one before
  return registerLoop(lane, chains, chains, (f, sums, [x, ...columns]) => {
    sums.forEach((sum, i) => {
      if (i % 4 === 0) f.i32const(128 + i * lane.bytes).load(lane.loadSplat).set(x);
      profile.multiplyAdd(f, lane, sum, x, columns[i % 4]);
    });
  });
}

/** Sums that end up side by side in memory: that is how V8 finds what to join to wide vectors. */
function registerLoop(lane, chains, operations, emitStep) {
  const module = newModule();
  const f = module.func(["i32"], [], "run");
  const [x, ...columns] = Array.from({ length: 5 }, () => f.local("v128"));
  const sums = Array.from({ length: chains }, () => f.local("v128"));
  f.i32const(0).load(lane.loadSplat).set(x);
  columns.forEach((column, i) => f.i32const(0).load("v128.load", 32 + 16 * i).set(column));
  f.loop();
  emitStep(f, sums, [x, ...columns]);
  f.get(0).i32const(1).op("i32.sub").tee(0).br_if(0).end();
  sums.forEach((sum, i) => f.i32const(0).get(sum).store("v128.store", 256 + 16 * i));
  const { run } = instantiate(module.bytes());
  const turns = Math.round(throughputSlice / (2 * operations * lane.lanes));
  return () => rate(turns * 2 * operations * lane.lanes, () => run(turns));
}

/** Milliseconds of processor time: waiting for a busy machine's turn is not the kernel's. */
function clock() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function rate(operations, run) {
  const start = clock();
  run();
  return operations / (clock() - start) / 1e6;
}

function product(exports, dtype, [m, k, n, storage]) {
  const { bytes } = laneTypes[dtype];
  const shape = { m, n, k, batch: 1, dtype, bias: false };
  shape.transposeA = storage[0] === "t";
  shape.transposeB = storage[1] === "t";
  let next = 512;
  const place = (length) => {
    const at = next;
    next = Math.ceil((next + length + 16) / 64) * 64;
    return at;
  };
  const at = { a: place(m * k * bytes), b: place(k * n * bytes), c: place(m * n * bytes) };
  at.scratch = place(matmulScratchBytes(shape, profile));
  const values = dtype === "float32" ? new Float32Array(memory.buffer, 0, next / 4) : new Float64Array(memory.buffer, 0, next / 8);
  for (let i = 0; i < values.length; i++) values[i] = ((i * 7919) % 1000) / 1000 - 0.5;
  const { name, args } = matmulCall(shape, { ...at, bias: 0, strideA: 0, strideB: 0, strideC: 0 });
  const kernel = exports[name];
  return (times) => {
    for (let i = 0; i < times; i++) kernel(...args);
  };
}

function warm(run, milliseconds) {
  const start = performance.now();
  do run();
  while (performance.now() - start < milliseconds);
}

const label = ([m, k, n, storage]) => `${m}x${k} ${k}x${n} ${storage}`;
const chosen = (given) => label(given).includes(options.only);

function measureThroughput(exports, dtype, given, ceilings) {
  const run = product(exports, dtype, given);
  const operations = 2 * given[0] * given[1] * given[2];
  const times = Math.max(1, Math.round(throughputSlice / operations));
  warm(() => run(times), 150);
  const [gflops, ceiling] = [[], []];
  for (let round = 0; round < rounds && (round < 5 || round * operations < 4e10); round++) {
    const before = Math.max(...ceilings.map((measure) => measure()));
    gflops.push(rate(operations * times, () => run(times)));
    ceiling.push(Math.max(before, ...ceilings.map((measure) => measure())));
  }
  return {
    dtype,
    product: label(given),
    gflops: median(gflops),
    best: Math.max(...gflops),
    ceiling: median(ceiling),
    bestCeiling: Math.max(...ceiling),
    fraction: median(gflops.map((value, round) => value / ceiling[round])),
  };
}

function measureLatency(exports, dtype, given) {
  const run = product(exports, dtype, given);
  const [m, k, n] = given;
  const times = Math.max(1, Math.round(latencySlice / (2 * m * k * n + 500)));
  warm(() => run(times), 100);
  const nanoseconds = Array.from({ length: rounds }, () => {
    const start = clock();
    run(times);
    return ((clock() - start) / times) * 1e6;
  });
  const time = median(nanoseconds);
  const operandBytes = Math.max(k * n, m * k) * laneTypes[dtype].bytes;
  return { dtype, product: label(given), nanoseconds: time, best: Math.min(...nanoseconds), gigabytesPerSecond: operandBytes / time };
}

function measure() {
  const throughput = [];
  const latency = [];
  for (const dtype of dtypes) {
    const module = newModule();
    addMatmulKernels(module, makeTile(profile, dtype));
    const exports = instantiate(module.bytes());
    const ceilings = [chainedLoop, reloadedLoop].map((loop) => loop(laneTypes[dtype]));
    for (const ceiling of ceilings) warm(ceiling, 100);
    for (const given of throughputCases.filter(chosen)) throughput.push(measureThroughput(exports, dtype, given, ceilings));
    for (const given of latencyCases.filter(chosen)) latency.push(measureLatency(exports, dtype, given));
  }
  return { machine: describeMachine(process.execPath), throughput, latency };
}

const result = measure();
if (options.json) {
  console.log(JSON.stringify(result, null, 2));
} else {
  const { cpu, node, loadBefore } = result.machine;
  console.log(`${cpu}, Node ${node}, ${profile.key}, load ${loadBefore.toFixed(2)}; medians of ${rounds} rounds, processor time\n`);
  const percent = (x) => `${(100 * x).toFixed(0)} %`;
  console.log(
    formatTable(
      ["dtype", "product", "GFLOP/s", "ceiling", "fraction", "best", "best ceiling", "best/best"],
      result.throughput.map((row) => [
        ...[row.dtype, row.product, row.gflops.toFixed(1), row.ceiling.toFixed(1), percent(row.fraction)],
        ...[row.best.toFixed(1), row.bestCeiling.toFixed(1), percent(row.best / row.bestCeiling)],
      ]),
      ["dtype", "product"],
    ),
  );
  console.log("\nsmall products, and one row or column (GB/s of the larger operand)\n");
  console.log(
    formatTable(
      ["dtype", "product", "ns", "best ns", "GB/s"],
      result.latency.map((row) => [
        ...[row.dtype, row.product, row.nanoseconds.toFixed(0), row.best.toFixed(0)],
        row.gigabytesPerSecond.toFixed(1),
      ]),
      ["dtype", "product"],
    ),
  );
}

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleProgram } from "../support/bundle-program.ts";

// What makes a start slow, rather than how slow it is: Node's own modules, code that is compiled, and code that is
// compiled again.

/** The benchmark's W2: import, build, one step; then one of another batch size, and a prediction. */
const PROGRAM = `
const known = new Set(process.moduleLoadList);
const loaded = () => process.moduleLoadList.filter((name) => !known.has(name) && name.startsWith("NativeModule"));
const compiled = [];
const plain = WebAssembly.Module;
WebAssembly.Module = new Proxy(plain, {
  construct(target, [bytes]) {
    compiled.push(bytes.length);
    return new target(bytes);
  },
});
const report = { compiled: {} };
const compiledBy = (name) => {
  report.compiled[name] = compiled.splice(0);
};
const { layers, losses, optimizers, sequential, tensor } = await import("gradwise");
report.imported = loaded();
compiledBy("import");
const net = sequential(
  [layers.dense({ units: 128, activation: "relu", inputShape: [784] }), layers.dense({ units: 10 })],
  { seed: 1 },
);
compiledBy("build");
const loss = losses.sparseCategoricalCrossentropy({ fromLogits: true });
net.compile({ optimizer: optimizers.adam({ learningRate: 1e-3 }), loss, metrics: ["accuracy"] });
for (const size of [32, 48]) {
  const pixels = new Float32Array(size * 784).fill(0.5);
  const digits = Int32Array.from({ length: size }, (_, i) => i % 10);
  const [x, y] = [tensor(pixels, { shape: [size, 784] }), tensor(digits)];
  await net.fit(x, y, { epochs: 1, batchSize: size, verbose: 0 });
  compiledBy("step of " + size);
}
report.stepped = loaded();
console.log(JSON.stringify(report));
`;

interface Report {
  readonly imported: readonly string[];
  readonly stepped: readonly string[];
  /** Bytes of each module, by what needed it. */
  readonly compiled: Readonly<Record<string, readonly number[]>>;
}

let folder = "";
let report: Report = { imported: [], stepped: [], compiled: {} };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gradwise-start-up-"));
  const program = await bundleProgram(folder, { code: PROGRAM });
  const env = { ...process.env, NODE_OPTIONS: "", GRADWISE_THREADS: "2" };
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env, timeout: 60_000 });
  report = JSON.parse(stdout) as Report;
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const sum = (numbers: readonly number[] = []): number => numbers.reduce((a, b) => a + b, 0);

describe("a process that takes its first step", () => {
  it("imports the library without loading any of Node's modules", () => {
    expect(report.imported).toEqual([]);
  });

  it("starts no worker and opens no file", () => {
    const names = report.stepped.map((name) => name.replace("NativeModule ", ""));
    for (const name of ["worker_threads", "v8", "module", "fs/promises", "stream"]) expect(names).not.toContain(name);
  });

  it("compiles nothing until weights are drawn, and then one kernel that draws those of all layers", () => {
    expect(report.compiled["import"]).toEqual([]);
    expect(report.compiled["build"]).toHaveLength(1);
    expect(sum(report.compiled["build"])).toBeLessThan(10_000);
  });

  it("compiles two modules for the step: its own, and the products'", () => {
    expect(report.compiled["step of 32"]).toHaveLength(2);
    expect(sum(report.compiled["step of 32"])).toBeLessThan(46_000);
  });

  it("compiles one module for another batch size", () => {
    expect(report.compiled["step of 48"]).toHaveLength(1);
    expect(sum(report.compiled["step of 48"])).toBeLessThan(24_000);
  });
});

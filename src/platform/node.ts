import { findNativeProducts, type Koffi } from "./native-products.ts";
import type { Environment, Platform, Terminal } from "./platform.ts";

// A process that computes reads no file and starts no worker at first: Node's modules are asked for where they are used,
// and `process` is the global one, since importing it would build streams and reports that nobody needs yet.

export const writeFileAtomic: Platform["writeFileAtomic"] = async (path, chunks) =>
  (await import("./node-files.ts")).writeFileAtomic(path, chunks);

export const readFile: Platform["readFile"] = async (path) => (await import("./node-files.ts")).readFile(path);

export const now: Platform["now"] = () => performance.now();

export const nextTurn: Platform["nextTurn"] = () => new Promise((done) => setImmediate(done));

export const stdout: Terminal = {
  get isTerminal() {
    return process.stdout.isTTY === true;
  },
  get columns() {
    return process.stdout.columns || 80;
  },
  get colour() {
    return process.stdout.isTTY === true && process.stdout.hasColors();
  },
  write(text) {
    process.stdout.write(text);
  },
};

export const environment: Environment = {
  runtime: `Node ${process.versions.node}`,
  get cores() {
    return process.getBuiltinModule("node:os").availableParallelism();
  },
};

export const setting: Platform["setting"] = (name) => process.env[name] ?? null;

export const widenVectors: Platform["widenVectors"] = () => {
  const { node, v8 } = process.versions;
  if (v8 === undefined) return "this is not V8";
  // Earlier versions crash or make wrong code of it.
  if (Number.parseInt(node, 10) < 24) return `Node ${node} has no wide vectors: they need Node 24`;
  process.getBuiltinModule("node:v8").setFlagsFromString("--experimental-wasm-revectorize");
  return null;
};

export const startWorker: Platform["startWorker"] = (source, ended) => {
  const head = 'const onMail = (take) => require("node:worker_threads").parentPort.on("message", take);\n';
  try {
    const { Worker } = process.getBuiltinModule("node:worker_threads");
    // The options of the process may load whole frameworks, of which the script needs nothing.
    const worker = new Worker(head + source, { eval: true, execArgv: [], env: {}, name: "gradwise" });
    worker.unref();
    worker.on("error", ({ message }) => ended(message));
    worker.on("exit", () => ended("it was ended"));
    return { post: (message) => worker.postMessage(message, []), stop: () => void worker.terminate() };
  } catch {
    return null;
  }
};

export const nativeProducts: Platform["nativeProducts"] = (asked, profile, threads) =>
  // A name that no bundler follows: koffi is optional, and loaded by who asks for it alone.
  findNativeProducts(
    { asked: asked ?? setting("GRADWISE_BLAS") ?? false, profile, threads, system: process.platform },
    () => process.getBuiltinModule("node:module").createRequire(import.meta.url)("koffi") as Koffi,
  );

export const randomSeed: Platform["randomSeed"] = () => crypto.getRandomValues(new Uint32Array(1))[0];

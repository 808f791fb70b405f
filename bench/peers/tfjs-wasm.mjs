import { openTfjs, packages as tfjsPackages, tfjsPage } from "./tfjs/session.mjs";

export { lacks } from "./tfjs/session.mjs";

export const packages = [...tfjsPackages, "@tensorflow/tfjs-backend-wasm"];

export function open(workload, data) {
  return openTfjs(workload, data, async (tf) => {
    await import("@tensorflow/tfjs-backend-wasm"); // it finds its .wasm files beside itself in Node
    await tf.setBackend("wasm");
  });
}

/** Its .wasm file, of 100 kB and more, comes on top. */
export const bundle = () => tfjsPage("wasm");

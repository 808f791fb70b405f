import { openTfjs, packages as tfjsPackages, tfjsPage } from "./tfjs/session.mjs";

export { lacks } from "./tfjs/session.mjs";

export const packages = [...tfjsPackages, "@tensorflow/tfjs-backend-cpu"];

export function open(workload, data) {
  return openTfjs(workload, data, async (tf) => {
    await import("@tensorflow/tfjs-backend-cpu");
    await tf.setBackend("cpu");
  });
}

export const bundle = () => tfjsPage("cpu");

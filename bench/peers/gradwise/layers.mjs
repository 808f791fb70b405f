import { Lacks } from "../../failure.mjs";

/** The layers of a workload's net, each by its Keras word in gradwise.layers; `own` makes those of the benchmark. */
export async function makeLayers(gradwise, net, own) {
  const made = [];
  for (const [i, { type, ...options }] of net.layers.entries()) {
    const first = i === 0 && net.integers ? { ...options, inputShape: net.inputShape } : options;
    if (own[type]) made.push(await own[type](gradwise, first));
    else if (gradwise.layers[type]) made.push(gradwise.layers[type](first));
    else throw new Lacks(`no layers.${type} yet`);
  }
  return made;
}

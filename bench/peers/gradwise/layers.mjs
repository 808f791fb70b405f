import { Lacks } from "../../failure.mjs";

/** The layers of a workload's net, each by its Keras word in gradwise.layers; `own` makes those of the benchmark. */
export function makeLayers(gradwise, net, own) {
  const made = [];
  for (const { type, ...options } of net.layers) {
    if (own[type]) made.push(own[type](gradwise, options));
    else if (gradwise.layers[type]) made.push(gradwise.layers[type](options));
    else throw new Lacks(`no layers.${type} yet`);
  }
  return made;
}

/** `lacks` of a peer that trains and runs dense nets only, with softmax and cross-entropy alone where `classifies`. */
export function dense(reason, { classifies = false, optimizers = undefined, products = true } = {}) {
  return ({ task, net, loss, optimizer }) => {
    if (task === "product") return products ? undefined : "no matrix product of its own";
    if (net.layers.some(({ type }) => type !== "dense")) return reason;
    if (classifies && task === "train" && loss !== "softmaxCrossEntropy") return `no ${loss} in a classifier`;
    if (optimizer && optimizers && !optimizers.includes(optimizer.name)) return `no ${optimizer.name}`;
    return undefined;
  };
}

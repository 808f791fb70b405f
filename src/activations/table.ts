/** Every activation by its public name: one line each. */
export { leakyRelu } from "./leaky-relu.ts";
export { linear } from "./linear.ts";
export { relu } from "./relu.ts";
export { sigmoid } from "./sigmoid.ts";
export { silu } from "./silu.ts";
export { softmax } from "./softmax.ts";
export { tanh } from "./tanh.ts";

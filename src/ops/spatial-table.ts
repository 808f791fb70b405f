// tested by test/conformance/ops.test.ts
/** Ops over pictures: no other op's gradient needs them, so that a network without pictures does not carry them. */
export { avgPool } from "./avg-pool.ts";
export { conv } from "./conv.ts";
export { convInputGrad } from "./conv-input-grad.ts";
export { convKernelGrad } from "./conv-kernel-grad.ts";
export { maxPool } from "./max-pool.ts";
export { windowArgMax } from "./window-arg-max.ts";
export { windowSum } from "./window-sum.ts";

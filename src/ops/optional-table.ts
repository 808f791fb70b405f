// tested by test/conformance/ops.test.ts
/** Ops over pictures, and loops: no other op's gradient needs them, so that a network without them carries none. */
export { avgPool } from "./avg-pool.ts";
export { cond } from "./cond.ts";
export { conv } from "./conv.ts";
export { convInputGrad } from "./conv-input-grad.ts";
export { convKernelGrad } from "./conv-kernel-grad.ts";
export { maxPool } from "./max-pool.ts";
export { scan } from "./scan.ts";
export { windowArgMax } from "./window-arg-max.ts";
export { windowSum } from "./window-sum.ts";

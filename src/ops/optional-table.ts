// tested by test/conformance/ops.test.ts
/** Ops that are no methods and that no other op's gradient needs: what does not use them does not carry them. */
export { arange } from "./arange.ts";
export { avgPool } from "./avg-pool.ts";
export { cond } from "./cond.ts";
export { conv } from "./conv.ts";
export { convInputGrad } from "./conv-input-grad.ts";
export { convKernelGrad } from "./conv-kernel-grad.ts";
export { customGradient } from "./custom-gradient.ts";
export { erf } from "./erf.ts";
export { eye } from "./eye.ts";
export { linspace } from "./linspace.ts";
export { maxPool } from "./max-pool.ts";
export { oneHot } from "./one-hot.ts";
export { scan } from "./scan.ts";
export { softplus } from "./softplus.ts";
export { stack } from "./stack.ts";
export { windowArgMax } from "./window-arg-max.ts";
export { windowSum } from "./window-sum.ts";

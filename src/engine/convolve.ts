// tested by src/engine/convolve.test.ts
import { convKernels } from "../backends/wasm/conv-kernel.ts";
import * as windowEmitter from "../backends/wasm/emit-window.ts";
import { installHandMade } from "../backends/wasm/hand-made.ts";
import { installWindows } from "../backends/wasm/step.ts";
import * as plain from "../ops/optional-table.ts";
import { installFirst } from "./install-first.ts";

// Who convolves or pools, by a function or a layer, comes through here first: a bundle without pictures carries no
// kernels for them. The ops alone run on generic loops.

/** Gives backends their kernels for convolutions and windows. */
export function installConvolutions(): void {
  installHandMade(convKernels);
  installWindows(windowEmitter);
}

export const conv: typeof plain.conv = /* @__PURE__ */ installFirst(installConvolutions, plain.conv);
export const convInputGrad: typeof plain.convInputGrad = /* @__PURE__ */ installFirst(
  installConvolutions,
  plain.convInputGrad,
);
export const convKernelGrad: typeof plain.convKernelGrad = /* @__PURE__ */ installFirst(
  installConvolutions,
  plain.convKernelGrad,
);
export const avgPool: typeof plain.avgPool = /* @__PURE__ */ installFirst(installConvolutions, plain.avgPool);
export const maxPool: typeof plain.maxPool = /* @__PURE__ */ installFirst(installConvolutions, plain.maxPool);
export const windowArgMax: typeof plain.windowArgMax = /* @__PURE__ */ installFirst(
  installConvolutions,
  plain.windowArgMax,
);
export const windowSum: typeof plain.windowSum = /* @__PURE__ */ installFirst(installConvolutions, plain.windowSum);

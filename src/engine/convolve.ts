// tested by src/engine/convolve.test.ts
import { convKernels } from "../backends/wasm/conv-kernel.ts";
import { installHandMade } from "../backends/wasm/hand-made.ts";
import * as plain from "../ops/optional-table.ts";

// Who convolves, by a function or a layer, comes through here first: a bundle without convolutions carries no kernels
// for them. The ops alone run on generic loops.

/** Gives backends their kernels for convolutions. */
export function installConvolutions(): void {
  installHandMade(convKernels);
}

function withKernels<F extends (...args: never[]) => unknown>(f: F): F {
  return ((...args) => {
    installConvolutions();
    return f(...args);
  }) as F;
}

export const conv: typeof plain.conv = /* @__PURE__ */ withKernels(plain.conv);
export const convInputGrad: typeof plain.convInputGrad = /* @__PURE__ */ withKernels(plain.convInputGrad);
export const convKernelGrad: typeof plain.convKernelGrad = /* @__PURE__ */ withKernels(plain.convKernelGrad);

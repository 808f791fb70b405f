import { expect, it } from "vitest";
import { HAND_MADE } from "../backends/wasm/hand-made.ts";
import * as gradwise from "../index.ts";
import * as convolve from "./convolve.ts";

it("has kernels for convolutions from the first one on, not before", () => {
  expect(Object.keys(HAND_MADE)).toEqual(["matmul"]);
  const y = gradwise.conv(gradwise.tensor([[[1], [2], [3]]]), gradwise.tensor([[[1]], [[10]]]));
  expect([...y.dataSync()]).toEqual([21, 32]);
  expect(Object.keys(HAND_MADE).sort()).toEqual(["conv", "convInputGrad", "convKernelGrad", "matmul"]);
});

it("is what the package exports", () => {
  const { conv, convInputGrad, convKernelGrad } = gradwise;
  expect({ conv, convInputGrad, convKernelGrad }).toEqual({
    conv: convolve.conv,
    convInputGrad: convolve.convInputGrad,
    convKernelGrad: convolve.convKernelGrad,
  });
});

import { BYTES } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Node } from "../../graph/node.ts";
import type { HandMade } from "./hand-made.ts";
import { type KernelProfile, makeTile, NATIVE, productCost } from "./kernel-profile.ts";
import {
  addMatmulKernels,
  type MatmulShape,
  matmulCall,
  matmulPacks,
  matmulScratchBytes,
  parameterAt,
} from "./kernels/matmul.ts";
import type { Division } from "./threads/division.ts";
import { threading } from "./threads/threading.ts";

/** The product of two matrices, or of a batch of them, by the kernels of kernels/matmul.ts. */
export const matmulKernel: HandMade = {
  modules: {
    matmul_f32: (module, profile) => addMatmulKernels(module, makeTile(profile, "float32")),
    matmul_f64: (module, profile) => addMatmulKernels(module, makeTile(profile, "float64")),
  },
  accepts: (node) => node.outputs[0].dtype === "float32" || node.outputs[0].dtype === "float64",
  exportName(node, profile) {
    const { name } = matmulCall(shapeOf(node), NOWHERE);
    return isNative(shapeOf(node), profile) ? NATIVE + name : name;
  },
  params: new Array(15).fill("i32"),
  scratchBytes: (node, profile) => (isNative(shapeOf(node), profile) ? 0 : matmulScratchBytes(shapeOf(node), profile)),
  args(node, [a, b, bias], [c], scratch) {
    const s = shapeOf(node);
    const bytes = BYTES[s.dtype];
    const { args } = matmulCall(s, {
      ...NOWHERE,
      strideA: s.m * s.k * bytes,
      strideB: s.k * s.n * bytes,
      strideC: s.m * s.n * bytes,
    });
    const sizes = args.slice(4, -1);
    return [a, b, c, s.bias ? bias : 0, ...sizes, scratch];
  },
  // Native code has threads of its own.
  divide: (node, profile) => (isNative(shapeOf(node), profile) ? [] : divide(shapeOf(node), profile)),
};

function divide(shape: MatmulShape, profile: KernelProfile): Division[] {
  const cost = productCost(profile, shape.dtype);
  return threading().divideMatmul(shape, { cost, packs: matmulPacks(shape, profile), parameterAt });
}

function isNative({ m, n, k }: MatmulShape, { native }: KernelProfile): boolean {
  return native?.takes(m, n, k) ?? false;
}

const NOWHERE = { a: 0, b: 0, c: 0, bias: 0, strideA: 0, strideB: 0, strideC: 0, scratch: 0 };

function shapeOf(node: Node): MatmulShape {
  const [a] = node.inputs;
  const [c] = node.outputs;
  const { transposeA, transposeB } = node.attrs as { transposeA: boolean; transposeB: boolean };
  const [m, n] = c.shape.slice(-2);
  const k = a.shape[a.shape.length - (transposeA ? 2 : 1)];
  const batch = sizeOf(c.shape.slice(0, -2));
  return { m, n, k, batch, transposeA, transposeB, dtype: c.dtype, bias: node.inputs.length > 2 };
}

import { BYTES } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Node } from "../../graph/node.ts";
import type { HandMade } from "./hand-made.ts";
import { makeTile } from "./kernel-profile.ts";
import { addMatmulKernels, type MatmulShape, matmulCall, matmulScratchBytes } from "./kernels/matmul.ts";

/** The product of two matrices, or of a batch of them, by the kernels of kernels/matmul.ts. */
export const matmulKernel: HandMade = {
  modules: {
    matmul_f32: (module, profile) => addMatmulKernels(module, makeTile(profile, "float32")),
    matmul_f64: (module, profile) => addMatmulKernels(module, makeTile(profile, "float64")),
  },
  accepts: (node) => node.outputs[0].dtype === "float32" || node.outputs[0].dtype === "float64",
  exportName: (node) => matmulCall(matmulShapeOf(node), NOWHERE).name,
  params: new Array(15).fill("i32"),
  scratchBytes: (node, profile) => matmulScratchBytes(matmulShapeOf(node), profile),
  args(node, [a, b, bias], [c], scratch) {
    const s = matmulShapeOf(node);
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
  divide: (node, profile, { divideMatmul }) => divideMatmul(matmulShapeOf(node), profile),
};

const NOWHERE = { a: 0, b: 0, c: 0, bias: 0, strideA: 0, strideB: 0, strideC: 0, scratch: 0 };

/** The product that a node is. */
function matmulShapeOf(node: Node): MatmulShape {
  const [a] = node.inputs;
  const [c] = node.outputs;
  const { transposeA, transposeB } = node.attrs as { transposeA: boolean; transposeB: boolean };
  const [m, n] = c.shape.slice(-2);
  const k = a.shape[a.shape.length - (transposeA ? 2 : 1)];
  const batch = sizeOf(c.shape.slice(0, -2));
  return { m, n, k, batch, transposeA, transposeB, dtype: c.dtype, bias: node.inputs.length > 2 };
}

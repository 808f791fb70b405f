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
import { type Division, moved } from "./threads/division.ts";

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
  divide: (node, profile) => (isNative(shapeOf(node), profile) ? null : divideMatmul(shapeOf(node), profile)),
};

function isNative({ m, n, k }: MatmulShape, { native }: KernelProfile): boolean {
  return native?.takes(m, n, k) ?? false;
}

/** Nanoseconds that a multiplication with its addition takes where an operand is read once, which is what it waits for. */
const READ_COST = 0.15;
/** Columns on a cache line, and whole tiles of rows. */
const UNIT = 16;
/** So many rows are enough for all threads; rows lie together, as elementwise kernels part them. */
const TALL = 128;
/** From so many items on, each thread has enough of them. */
const MANY = 32;

/** A product is parted by the items of a batch, or by rows or columns: so that the least is packed more than once. */
function divideMatmul(shape: MatmulShape, profile: KernelProfile): Division {
  const { m, n, k, batch, dtype } = shape;
  const bytes = BYTES[dtype];
  const packs = matmulPacks(shape);
  // Every part by rows packs B, every part by columns packs A.
  const twice = (packs.b ? k * n : 0) - (packs.a ? m * k : 0);
  const by = batch >= MANY ? "batch" : (twice === 0 ? m >= Math.min(n, TALL) : twice < 0) ? "m" : "n";
  return {
    cost: m * n * k * batch * (m === 1 || n === 1 ? READ_COST : productCost(profile, dtype)),
    bytes: (m * k + k * n + m * n) * batch * bytes,
    units: { batch, m, n }[by],
    step: by === "batch" ? 1 : UNIT,
    scratch: [parameterAt("scratch")],
    part(args, from, to) {
      const own = [...args];
      const move = (operand: "a" | "b" | "c" | "bias", step: number): void => {
        const at = parameterAt(operand);
        own[at] = moved(args[at], from * step);
      };
      const number = (name: Parameters<typeof parameterAt>[0]): number => Number(args[parameterAt(name)]);
      own[parameterAt(by)] = to - from;
      if (by === "batch") {
        move("a", number("strideA"));
        move("b", number("strideB"));
        move("c", number("strideC"));
      } else if (by === "m") {
        move("a", shape.transposeA ? bytes : number("lineA"));
        move("c", number("lineC"));
      } else {
        move("b", shape.transposeB ? number("lineB") : bytes);
        move("c", bytes);
        if (shape.bias) move("bias", bytes);
      }
      return own;
    },
  };
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

// tested by src/backends/wasm/threads/division.test.ts
import { BYTES } from "../../../core/dtype.ts";
import { moved } from "../emit-loops.ts";
import { type KernelProfile, productCost } from "../kernel-profile.ts";
import { type MatmulShape, matmulPacks, parameterAt } from "../kernels/matmul.ts";
import type { Division } from "./division.ts";

/** Nanoseconds that a multiplication with its addition takes where an operand is read once, which is what it waits for. */
const READ_COST = 0.15;
/** Columns on a cache line, and whole tiles of rows. */
const UNIT = 16;
/** So many rows are enough for all threads; rows lie together, as elementwise kernels part them. */
const TALL = 128;
/** From so many items on, each thread has enough of them. */
const MANY = 32;

/** A product is parted by the items of a batch, or by rows or columns: so that the least is packed more than once. */
export function divideMatmul(shape: MatmulShape, profile: KernelProfile): Division {
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

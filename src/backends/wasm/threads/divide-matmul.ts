import { BYTES } from "../../../core/dtype.ts";
import type { MatmulParameter, MatmulShape } from "../kernels/matmul.ts";
import { type Division, EVERYTHING, moved } from "./division.ts";

/** What there is to know of the kernel: handed in, so that this module, which pages load late, imports none of theirs. */
export interface MatmulKernel {
  /** Nanoseconds of a multiplication with its addition in tiles. */
  readonly cost: number;
  readonly packs: { readonly a: boolean; readonly b: boolean };
  parameterAt(name: MatmulParameter): number;
}

/** Nanoseconds that a multiplication with its addition takes where an operand is read once, which is what it waits for. */
const READ_COST = 0.15;
/** Nanoseconds to lay out an element of an operand anew. */
const PACK_COST = 0.2;
/** Columns on a cache line, and whole tiles of rows. */
const UNIT = 16;
/** From so many items on, each thread has enough of them. */
const MANY = 32;

/** A product is parted by the items of a batch, or by columns or rows of the result. */
export function divideMatmul(shape: MatmulShape, kernel: MatmulKernel): Division[] {
  const { m, n, k, batch } = shape;
  const axes: readonly By[] = batch === 1 ? ["n", "m"] : batch < MANY ? ["batch", "n", "m"] : ["batch"];
  const cost = m * n * k * batch * (m === 1 || n === 1 ? READ_COST : kernel.cost);
  const { packs } = kernel;
  // Every part by rows packs B, every part by columns packs A.
  const packed = { batch: 0, n: packs.a ? m * k : 0, m: packs.b ? k * n : 0 };
  return axes.map((by) => ({
    cost,
    overhead: packed[by] * PACK_COST,
    units: { batch, m, n }[by],
    step: by === "batch" ? 1 : UNIT,
    scratch: [kernel.parameterAt("scratch")],
    cuts: cutsOf(shape, by),
    part: partBy(shape, by, kernel),
  }));
}

type By = "batch" | "m" | "n";

function cutsOf(shape: MatmulShape, by: By): Division["cuts"] {
  const { m, n, k, batch, transposeA, transposeB, bias } = shape;
  const bytes = BYTES[shape.dtype];
  const [a, b, c] = [m * k, k * n, m * n].map((size) => size * bytes);
  const cuts = {
    batch: [a * batch, b * batch, EVERYTHING, c * batch],
    m: [transposeA ? m * bytes : a, EVERYTHING, EVERYTHING, c],
    n: [EVERYTHING, transposeB ? b : n * bytes, n * bytes, n * bytes],
  }[by];
  return { inputs: cuts.slice(0, bias ? 3 : 2), outputs: [cuts[3]] };
}

function partBy(shape: MatmulShape, by: By, { parameterAt }: MatmulKernel): Division["part"] {
  const bytes = BYTES[shape.dtype];
  return (args, from, to) => {
    const own = [...args];
    const move = (operand: "a" | "b" | "c" | "bias", step: number): void => {
      const at = parameterAt(operand);
      own[at] = moved(args[at], from * step);
    };
    const number = (name: MatmulParameter): number => Number(args[parameterAt(name)]);
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
  };
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NATIVE_MATHS } from "../backends/reference/native-maths.ts";
import type { DType } from "../core/dtype.ts";
import { evaluator } from "./evaluate.ts";
import { type BasicOp, call, constant, type Expr, index, load, range, s } from "./expr.ts";

const { NEGATIVE_INFINITY: LEAST, POSITIVE_INFINITY: INF } = Number;

function evaluate(root: Expr): number {
  const load = (): never => {
    throw new Error("nothing to load");
  };
  return evaluator(root, { index: [], range: [], load, maths: NATIVE_MATHS })();
}

function basic(op: BasicOp, dtype: DType, ...args: readonly number[]): number {
  return evaluate(
    call(
      op,
      args.map((x) => constant(x, dtype)),
    ),
  );
}

const cast = (x: number, from: DType, to: DType): number => evaluate(s.cast(constant(x, from), to));

describe("floats", () => {
  test("each operation rounds to its dtype", () => {
    fc.assert(
      fc.property(fc.float(), fc.float(), (x, y) => {
        expect(basic("add", "float32", x, y)).toBe(Math.fround(x + y));
        expect(basic("mul", "float32", x, y)).toBe(Math.fround(x * y));
        expect(basic("div", "float32", x, y)).toBe(Math.fround(x / y));
        expect(basic("mul", "float64", x, y)).toBe(x * y);
      }),
    );
    const sum = s.sub(s.add(constant(1, "float32"), 2 ** -24), 1);
    expect(evaluate(sum)).toBe(0);
    expect(evaluate(s.sub(s.add(constant(1, "float64"), 2 ** -24), 1))).toBe(2 ** -24);
  });

  test("min and max give NaN for NaN, and order zeros", () => {
    expect(basic("min", "float32", 1, NaN)).toBeNaN();
    expect(basic("max", "float32", NaN, 1)).toBeNaN();
    expect(basic("min", "float32", 0, -0)).toBe(-0);
    expect(basic("max", "float32", -0, 0)).toBe(0);
  });

  test("round takes the even one of two and keeps the sign of zero", () => {
    const cases = [
      [0.5, 0],
      [1.5, 2],
      [2.5, 2],
      [-0.5, -0],
      [-1.5, -2],
      [-0, -0],
      [0.49999999999999994, 0],
    ];
    for (const [x, y] of cases) expect(basic("round", "float64", x, 0), String(x)).toBe(y);
    expect(basic("round", "float64", 2 ** 52 + 1)).toBe(2 ** 52 + 1);
    expect(basic("round", "float64", LEAST)).toBe(LEAST);
    expect(basic("round", "float64", NaN)).toBeNaN();
    expect(basic("trunc", "float32", -0.7)).toBe(-0);
    expect(basic("ceil", "float32", -0.7)).toBe(-0);
    expect(basic("floor", "float32", -0)).toBe(-0);
  });

  test("comparisons with NaN are false but ne", () => {
    const values = (["eq", "ne", "lt", "le", "gt", "ge"] as const).map((op) => basic(op, "float32", NaN, 1));
    expect(values).toEqual([0, 1, 0, 0, 0, 0]);
  });

  test.each(["float32", "float64"] as const)("%s is exponent and mantissa again", (dtype) => {
    const any = dtype === "float32" ? fc.float({ noNaN: true }) : fc.double({ noNaN: true });
    const leastNormal = dtype === "float32" ? 2 ** -126 : 2 ** -1022;
    fc.assert(
      fc.property(any, (x) => {
        fc.pre(Math.abs(x) >= leastNormal && Math.abs(x) < INF);
        const m = basic("mantissa", dtype, x);
        const e = basic("exponent", dtype, x);
        expect(Math.abs(m)).toBeGreaterThanOrEqual(1);
        expect(Math.abs(m)).toBeLessThan(2);
        expect(basic("scaleByPowerOfTwo", dtype, m, e)).toBe(x);
      }),
    );
    expect(basic("exponent", dtype, 0)).toBe(Math.log2(leastNormal) - 1);
    expect(basic("mantissa", dtype, -0)).toBe(-1);
  });

  test("scaling rounds once, through overflow and subnormals", () => {
    expect(basic("scaleByPowerOfTwo", "float32", 1, 127)).toBe(2 ** 127);
    expect(basic("scaleByPowerOfTwo", "float32", Math.fround(0.99), 128)).toBe(Math.fround(0.99) * 2 ** 128);
    expect(basic("scaleByPowerOfTwo", "float32", 1, 128)).toBe(INF);
    expect(basic("scaleByPowerOfTwo", "float32", 1.25, -149)).toBe(2 ** -149);
    expect(basic("scaleByPowerOfTwo", "float32", 1.25, -151)).toBe(0);
    expect(basic("scaleByPowerOfTwo", "float64", 0.75, 1024)).toBe(0.75 * 2 ** 1023 * 2);
    expect(basic("scaleByPowerOfTwo", "float64", 1.25, -1074)).toBe(2 ** -1074);
    // Through 2^-1074 in two roundings this would be 2 units, not 1.
    expect(basic("scaleByPowerOfTwo", "float64", 1.25 + 2 ** -52, -1074)).toBe(2 ** -1074);
    expect(basic("scaleByPowerOfTwo", "float64", -1, -2000)).toBe(-0);
  });
});

describe("ints", () => {
  const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

  test("int32 wraps; floorDiv and mod round to -infinity", () => {
    fc.assert(
      fc.property(int32, int32, (x, y) => {
        const big = [BigInt(x), BigInt(y)] as const;
        expect(basic("add", "int32", x, y)).toBe(Number(BigInt.asIntN(32, big[0] + big[1])));
        expect(basic("mul", "int32", x, y)).toBe(Number(BigInt.asIntN(32, big[0] * big[1])));
        fc.pre(y !== 0);
        const m = ((big[0] % big[1]) + big[1]) % big[1];
        expect(basic("mod", "int32", x, y)).toBe(Number(m));
        expect(basic("floorDiv", "int32", x, y)).toBe(Number(BigInt.asIntN(32, (big[0] - m) / big[1])));
      }),
    );
    expect([basic("floorDiv", "int32", 7, 0), basic("mod", "int32", 7, 0)]).toEqual([0, 0]);
    expect(basic("neg", "int32", -(2 ** 31))).toBe(-(2 ** 31));
    expect(basic("neg", "int32", 0)).toBe(0);
    expect(basic("abs", "int32", -(2 ** 31))).toBe(-(2 ** 31));
  });

  test("uint32 and uint8 wrap; shifts are logical", () => {
    expect(basic("sub", "uint32", 0, 1)).toBe(2 ** 32 - 1);
    expect(basic("mul", "uint32", 0xdeadbeef, 0xcafebabe)).toBe(Number((0xdeadbeefn * 0xcafebaben) & 0xffffffffn));
    expect(basic("add", "uint8", 250, 10)).toBe(4);
    expect(basic("bitXor", "uint32", 0xffffffff, 1)).toBe(0xfffffffe);
    expect(basic("shiftLeft", "uint32", 0x80000001, 1)).toBe(2);
    expect(basic("shiftRight", "uint32", 0x80000000, 31)).toBe(1);
    expect(basic("shiftRight", "int32", -1, 28)).toBe(15);
    expect(basic("shiftLeft", "int32", 1, 33)).toBe(2);
  });

  test("casts truncate and saturate, wrap between ints, and test for zero", () => {
    const rows: readonly (readonly [number, DType, DType, number])[] = [
      [2.9, "float32", "int32", 2],
      [-2.9, "float32", "int32", -2],
      [-0.5, "float32", "int32", 0],
      [1e10, "float32", "int32", 2 ** 31 - 1],
      [LEAST, "float64", "int32", -(2 ** 31)],
      [NaN, "float32", "int32", 0],
      [-1, "float32", "uint32", 0],
      [1e10, "float64", "uint32", 2 ** 32 - 1],
      [300.7, "float32", "uint8", 255],
      [-1, "int32", "uint32", 2 ** 32 - 1],
      [2 ** 31, "uint32", "int32", -(2 ** 31)],
      [257, "int32", "uint8", 1],
      [16_777_217, "int32", "float32", 16_777_216],
      [0.1, "float64", "float32", Math.fround(0.1)],
      [NaN, "float32", "bool", 1],
      [-0, "float32", "bool", 0],
      [0.5, "float32", "bool", 1],
      [1, "bool", "float32", 1],
    ];
    for (const [x, from, to, y] of rows) expect(cast(x, from, to), `${x} from ${from} to ${to}`).toBe(y);
  });
});

describe("evaluation", () => {
  test("select computes the chosen side only, a false guard reads nothing", () => {
    const root = s.select(s.lt(index(0), 2), load(0, "float32", [index(0)]), -1);
    const read: number[] = [];
    const at = [0];
    const value = evaluator(root, { index: at, range: [], load: (_i, [x]) => read.push(x), maths: NATIVE_MATHS });
    const results = [0, 1, 2, 3].map((i) => {
      at[0] = i;
      return value();
    });
    expect(results).toEqual([1, 2, -1, -1]);
    expect(read).toEqual([0, 1]);
    const guarded = load(0, "float32", [s.floorDiv(index(0), 0)], s.gt(index(0), 5));
    expect(evaluate(s.add(rewriteIndex(guarded), 0))).toBe(0);
  });

  test("a part used twice is computed once an element", () => {
    let loads = 0;
    let x: Expr = load(0, "float64", [index(0), range(0)]);
    for (let i = 0; i < 40; i++) x = s.mul(s.add(x, x), 0.5);
    const at = [3];
    const count = (_input: number, [i, j]: readonly number[]): number => {
      loads++;
      return i + j;
    };
    const scope = { index: at, range: [4], load: count, maths: NATIVE_MATHS };
    const value = evaluator(x, scope);
    expect(value()).toBe(7);
    at[0] = 10;
    expect(value()).toBe(14);
    expect(loads).toBe(2);
  });

  test("functions round to the dtype", () => {
    expect(evaluate(s.exp(constant(1, "float32")))).toBe(Math.fround(Math.E));
    expect(evaluate(s.exp(constant(1, "float64")))).toBe(Math.E);
    expect(evaluate(s.pow(constant(1, "float32"), NaN))).toBe(1);
  });
});

/** The expression at index 0. */
function rewriteIndex(e: Expr): Expr {
  if (e.kind === "index") return constant(0, "int32");
  if (e.kind === "call") return { ...e, args: e.args.map(rewriteIndex) };
  if (e.kind !== "load") return e;
  return { ...e, index: e.index.map(rewriteIndex), guard: e.guard === null ? null : rewriteIndex(e.guard) };
}

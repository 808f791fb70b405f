import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteWriter } from "./byte-writer.ts";
import type { FunctionBuilder } from "./function-builder.ts";
import { ModuleBuilder } from "./module-builder.ts";
import type { Opcode } from "./opcodes.ts";
import type { ValueType } from "./types.ts";

/** Runs one function made of what `write` emits. */
function run(
  params: ValueType[],
  results: ValueType[],
  write: (f: FunctionBuilder) => void,
  args: (number | bigint)[] = [],
): number | bigint {
  const module = new ModuleBuilder({ memory: { shared: false, maximum: 1 } });
  write(module.func(params, results, "f"));
  const memory = new WebAssembly.Memory({ initial: 0, maximum: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), {
    env: { memory },
  });
  const { f } = instance.exports as { f: (...args: (number | bigint)[]) => number | bigint };
  return f(...args);
}

describe("constants and LEB128", () => {
  test("i32const takes signed and unsigned, up to 4 GiB", () => {
    const samples = fc.oneof(fc.integer(), fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(63, 64, -64, -65));
    fc.assert(
      fc.property(samples, (n) => {
        expect(run([], ["i32"], (f) => f.i32const(n))).toBe(n | 0);
      }),
    );
  });

  test("i64const", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (n) => {
        expect(run([], ["i64"], (f) => f.i64const(n))).toBe(n);
      }),
    );
  });

  test("f32const, f64const and the vector constants keep -0, infinity and NaN", () => {
    for (const x of [1.5, -0, Infinity, NaN, 2 ** -140]) {
      expect(run([], ["f32"], (f) => f.f32const(x))).toBe(Math.fround(x));
      expect(run([], ["f64"], (f) => f.f64const(x))).toBe(x);
      expect(run([], ["f32"], (f) => f.f32x4const(x).lane("f32x4.extract_lane", 3))).toBe(Math.fround(x));
      expect(run([], ["f64"], (f) => f.f64x2const(x).lane("f64x2.extract_lane", 1))).toBe(x);
    }
    expect(run([], ["i32"], (f) => f.i32x4const(-7).lane("i32x4.extract_lane", 2))).toBe(-7);
    const bytes = Array.from({ length: 16 }, (_, i) => i);
    expect(run([], ["i32"], (f) => f.v128const(bytes).lane("i8x16.extract_lane_u", 9))).toBe(9);
  });

  test("integers outside 32 bits and wrong lane counts are refused", () => {
    const f = new ModuleBuilder({ memory: { shared: false, maximum: 1 } }).func([], []);
    expect(() => f.i32const(2 ** 32)).toThrow(RangeError);
    expect(() => f.i32const(0.5)).toThrow(RangeError);
    expect(() => f.v128const([1])).toThrow(RangeError);
    expect(() => f.shuffle([0])).toThrow(RangeError);
  });

  test("a writer grows past its capacity without losing bytes", () => {
    const writer = new ByteWriter();
    for (let i = 0; i < 10_000; i++) writer.byte(i & 0xff);
    writer.append(new Uint8Array(5_000).fill(9));
    expect(writer.length).toBe(15_000);
    expect(writer.view()[9_999]).toBe(9_999 & 0xff);
    expect(writer.view()[14_999]).toBe(9);
  });
});

describe("control flow, locals and calls", () => {
  test("a loop sums 1..n", () => {
    const sum = run(
      ["i32"],
      ["i32"],
      (f) => {
        const total = f.local("i32");
        f.block().loop().get(0).op("i32.eqz").br_if(1);
        f.get(total).get(0).op("i32.add").set(total);
        f.get(0).i32const(1).op("i32.sub").set(0).br(0).end().end().get(total);
      },
      [100],
    );
    expect(sum).toBe(5050);
  });

  test("if/else with a result, tee, select, drop and return", () => {
    const write = (f: FunctionBuilder) => {
      const kept = f.local("f64");
      f.get(0).if_("f64").f64const(2).else_().f64const(3).end().tee(kept).drop();
      f.get(kept).f64const(10).get(0).select().return_();
    };
    expect(run(["i32"], ["f64"], write, [1])).toBe(2);
    expect(run(["i32"], ["f64"], write, [0])).toBe(10);
  });

  test("locals of mixed types keep their indices", () => {
    const value = run(
      ["i32"],
      ["f64"],
      (f) => {
        const locals = (["f32", "f32", "v128", "f64", "f32"] as const).map((type) => f.local(type));
        expect(locals).toEqual([1, 2, 3, 4, 5]);
        f.f64const(4.5).set(4).get(4);
      },
      [0],
    );
    expect(value).toBe(4.5);
  });
});

describe("arithmetic runs as named", () => {
  const integer: [Opcode, number, number, number][] = [
    ["i32.div_s", -7, 2, -3],
    ["i32.rem_s", -7, 2, -1],
    ["i32.shr_u", -1, 28, 15],
    ["i32.shr_s", -16, 2, -4],
    ["i32.rotl", 1, 33, 2],
    ["i32.lt_u", -1, 1, 0],
    ["i32.lt_s", -1, 1, 1],
  ];
  test.each(integer)("%s(%d, %d) = %d", (name, x, y, expected) => {
    expect(run(["i32", "i32"], ["i32"], (f) => f.get(0).get(1).op(name), [x, y])).toBe(expected);
  });

  const float: [Opcode, number, number, number][] = [
    ["f64.min", -0, 0, -0],
    ["f64.copysign", 3, -1, -3],
    ["f64.sub", 5, 7, -2],
    ["f64.div", 1, 0, Infinity],
  ];
  test.each(float)("%s(%d, %d) = %d", (name, x, y, expected) => {
    expect(run(["f64", "f64"], ["f64"], (f) => f.get(0).get(1).op(name), [x, y])).toBe(expected);
  });

  const lanes: [Opcode, number, number, number][] = [
    ["f32x4.add", 1.5, 2, 3.5],
    ["f32x4.sub", 1.5, 2, -0.5],
    ["f32x4.mul", 1.5, 2, 3],
    ["f32x4.div", 3, 2, 1.5],
    ["f32x4.pmin", 3, NaN, 3],
    ["f32x4.pmax", NaN, 3, NaN],
    ["f32x4.max", NaN, 3, NaN],
  ];
  test.each(lanes)("%s(%d, %d) = %d", (name, x, y, expected) => {
    const f32x4 = (f: FunctionBuilder): void => {
      f.get(0).op("f32x4.splat").get(1).op("f32x4.splat").op(name).lane("f32x4.extract_lane", 3);
    };
    expect(run(["f32", "f32"], ["f32"], f32x4, [x, y])).toBe(expected);
  });

  test("bitselect takes bits of the first where the mask is set", () => {
    const write = (f: FunctionBuilder): void => {
      f.i32x4const(0b1100).i32x4const(0b1010).i32x4const(0b0110).op("v128.bitselect").lane("i32x4.extract_lane", 0);
    };
    expect(run([], ["i32"], write)).toBe(0b1100);
  });

  test("shifts and conversions of lanes", () => {
    expect(run([], ["i32"], (f) => f.i32x4const(3).i32const(4).op("i32x4.shl").lane("i32x4.extract_lane", 1))).toBe(48);
    expect(
      run([], ["i32"], (f) => f.f32x4const(-2.7).op("i32x4.trunc_sat_f32x4_s").lane("i32x4.extract_lane", 1)),
    ).toBe(-2);
    expect(
      run([], ["f64"], (f) => f.i32x4const(-5).op("f64x2.convert_low_i32x4_s").lane("f64x2.extract_lane", 1)),
    ).toBe(-5);
    expect(run([], ["f32"], (f) => f.f64x2const(0.1).op("f32x4.demote_f64x2_zero").lane("f32x4.extract_lane", 1))).toBe(
      Math.fround(0.1),
    );
  });
});

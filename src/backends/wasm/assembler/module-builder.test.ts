import { describe, expect, test } from "vitest";
import { ModuleBuilder } from "./module-builder.ts";

type Exported = (...args: (number | bigint)[]) => number | bigint;

function instantiate(
  module: ModuleBuilder,
  memory: WebAssembly.Memory,
  imports: WebAssembly.ModuleImports = {},
): Record<string, Exported> {
  const compiled = new WebAssembly.Module(module.bytes());
  const instance = new WebAssembly.Instance(compiled, {
    env: { memory, ...imports },
  });
  return instance.exports as Record<string, Exported>;
}

function newMemory(shared = false): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: 2, shared });
}

function newModule(shared = false): ModuleBuilder {
  return new ModuleBuilder({ memory: { shared, minimum: 1, maximum: 2 } });
}

describe("functions", () => {
  test("functions call imports and one another before their bodies exist", () => {
    const module = newModule();
    const twice = module.importFunction("env", "twice", ["i32"], ["i32"]);
    const first = module.func(["i32"], ["i32"], "first");
    const second = module.func(["i32"], ["i32"]);
    first.get(0).call(second.index).i32const(1).op("i32.add");
    second.get(0).call(twice);
    const exports = instantiate(module, newMemory(), {
      twice: (x: number) => 2 * x,
    });
    expect(exports["first"]?.(20)).toBe(41);
    expect(() => module.importFunction("env", "late", [], [])).toThrow(/before the first func/);
  });

  test("an open block is refused", () => {
    const module = newModule();
    module.func([], []).block();
    expect(() => module.bytes()).toThrow(/1 block\(s\) without end\(\)/);
  });
});

describe.each([false, true])("memory, shared: %s", (shared) => {
  const roundTrips = [
    ["i32", "i32.load", "i32.store"],
    ["i64", "i64.load", "i64.store"],
    ["f32", "f32.load", "f32.store"],
    ["f64", "f64.load", "f64.store"],
  ] as const;

  test.each(roundTrips)("%s loads and stores with an offset", (type, load, store) => {
    const module = newModule(shared);
    module.func(["i32", type], [type], "f").get(0).get(1).store(store, 300).get(0).load(load, 300);
    const f = instantiate(module, newMemory(shared)).f;
    const value = type === "i64" ? 77n : 77;
    expect(f?.(8, value)).toBe(value);
  });

  test("narrow loads and stores, fill and copy", () => {
    const memory = newMemory(shared);
    const module = newModule(shared);
    const f = module.func([], ["i32"], "f");
    f.i32const(16).i32const(0xff).i32const(8).op("memory.fill");
    f.i32const(64).i32const(16).i32const(4).op("memory.copy");
    f.i32const(66).i32const(1).store("i32.store8");
    f.i32const(64).load("i32.load16_s").i32const(66).load("i32.load8_u").op("i32.add");
    expect(instantiate(module, memory).f?.()).toBe(-1 + 1);
    expect([...new Uint8Array(memory.buffer, 64, 5)]).toEqual([255, 255, 1, 255, 0]);
  });

  test("vector loads, splats, lanes and shuffles", () => {
    const memory = newMemory(shared);
    const cells = new Float32Array(memory.buffer);
    cells.set([1, 2, 3, 4], 0);
    const module = newModule(shared);
    const f = module.func([], [], "f");
    f.i32const(64)
      .i32const(0)
      .load("v128.load")
      .i32const(4)
      .load("v128.load32_splat")
      .op("f32x4.mul")
      .store("v128.store");
    f.i32const(80).i32const(0).load("v128.load").storeLane("v128.store32_lane", 4, 2);
    const reversed = [12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3];
    f.i32const(96).i32const(0).load("v128.load").i32const(0).load("v128.load").shuffle(reversed).store("v128.store");
    f.i32const(112).i32const(8).f32x4const(9).loadLane("v128.load32_lane", 4, 1).store("v128.store");
    f.i32const(128).f32x4const(5).f32const(6).lane("f32x4.replace_lane", 2).store("v128.store");
    instantiate(module, memory).f?.();
    expect([...cells.subarray(16, 20)]).toEqual([2, 4, 6, 8]);
    expect([...cells.subarray(20, 24)]).toEqual([0, 3, 0, 0]);
    expect([...cells.subarray(24, 28)]).toEqual([4, 3, 2, 1]);
    expect([...cells.subarray(28, 32)]).toEqual([9, 4, 9, 9]);
    expect([...cells.subarray(32, 36)]).toEqual([5, 5, 6, 5]);
  });

  test("a memory of the other kind does not link", () => {
    const module = newModule(shared);
    expect(() => instantiate(module, newMemory(!shared))).toThrow(WebAssembly.LinkError);
  });
});

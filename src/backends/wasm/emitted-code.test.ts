import { describe, expect, it } from "vitest";
import { ModuleBuilder } from "./assembler/module-builder.ts";
import { addStep } from "./emitted-code.ts";
import type { Step } from "./step.ts";

const newModule = (): ModuleBuilder => new ModuleBuilder({ memory: { shared: false, maximum: 1 } });

/** A step that writes a number to an address, and counts how often it is emitted. */
function step(key: string, value: number, callee: number | null = null): Step & { emitted: number } {
  const made = {
    key,
    params: ["i32"] as const,
    emitted: 0,
    scratchBytes: 0,
    args: () => [],
    emit: (fn: Parameters<NonNullable<Step["emit"]>>[0]): void => {
      made.emitted++;
      // A local, and more code than one byte of length.
      const local = fn.local("i32");
      for (let i = 0; i < 50; i++) fn.i32const(value).set(local);
      if (callee !== null) fn.get(0).call(callee);
      else fn.get(0).get(local).store("i32.store");
    },
  };
  return made;
}

/** What the step's function leaves at address 4, called from an export of the module that it was added to. */
function result(given: Step): number {
  const module = newModule();
  const index = addStep(module, given, new Map());
  module.func([], [], "run").i32const(4).call(index);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { env: { memory } });
  (exports["run"] as () => void)();
  return new Int32Array(memory.buffer)[1];
}

describe("a step's code", () => {
  it("is emitted once, whatever the modules that it stands in", () => {
    const a = step("a", 1000);
    expect([result(a), result(a), result({ ...a }), a.emitted]).toEqual([1000, 1000, 1000, 1]);
    const b = step("b", -7);
    expect([result(b), result(a), a.emitted, b.emitted]).toEqual([-7, 1000, 1, 1]);
  });

  it("with a call stands in its own module alone", () => {
    const caller = step("caller", 3, 0);
    for (let i = 0; i < 2; i++) {
      const module = newModule();
      module.importFunction("kernels", "f", ["i32"], []);
      addStep(module, caller, new Map());
      expect(() => new WebAssembly.Module(module.bytes())).not.toThrow();
    }
    expect(caller.emitted).toBe(2);
  });

  it("is kept while it is used, within bounds", () => {
    const first = step("kept", 5);
    const second = step("forgotten", 5);
    result(first);
    result(second);
    for (let i = 0; i < 512; i++) {
      addStep(newModule(), step(`other ${i}`, i), new Map());
      addStep(newModule(), first, new Map());
    }
    addStep(newModule(), second, new Map());
    expect([first.emitted, second.emitted]).toEqual([1, 2]);
  });
});

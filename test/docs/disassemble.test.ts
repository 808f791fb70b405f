import { expect, test } from "vitest";
import { ByteWriter } from "../../src/backends/wasm/assembler/byte-writer.ts";
import { FunctionBuilder } from "../../src/backends/wasm/assembler/function-builder.ts";
import { disassemble } from "./disassemble.ts";

/** The bytes of a function without locals, after its size and its empty list of them. */
function codeOf(emit: (fn: FunctionBuilder) => void): Uint8Array {
  const fn = new FunctionBuilder(0, ["i32", "i32"], []);
  emit(fn);
  const out = new ByteWriter();
  fn.writeTo(out);
  return out.view().slice(2);
}

test("instructions are read back as they were written", () => {
  const code = codeOf((fn) => {
    fn.get(0).i32const(-70).op("i32.add").tee(1).if_().get(1).get(0).load("v128.load", 300).op("f32x4.sqrt");
    fn.store("v128.store").end().get(0).get(1).load("v128.load").storeLane("v128.store32_lane", 4, 2);
  });
  const found = disassemble(code);
  const expected = `
    local.get 0 | i32.const -70 | i32.add | local.tee 1 | if | local.get 1 | local.get 0
    v128.load offset=300 | f32x4.sqrt | v128.store | end
    local.get 0 | local.get 1 | v128.load | v128.store32_lane offset=4 2 | end`;
  expect(found.map(({ text }) => text)).toEqual(
    expected
      .split(/[|\n]/)
      .map((text) => text.trim())
      .slice(1),
  );
  expect(found.flatMap(({ bytes }) => bytes)).toEqual([...code]);
  expect(found[1].bytes).toEqual([0x41, 0xba, 0x7f]);
});

test("what is no instruction is an error", () => {
  expect(() => disassemble(Uint8Array.of(0x20))).toThrow("disassemble: the code ends inside an instruction.");
  expect(() => disassemble(Uint8Array.of(0xff, 0x01))).toThrow("disassemble: no instruction has the code 0xff0001.");
});

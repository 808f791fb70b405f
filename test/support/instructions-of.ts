import { ByteWriter } from "../../src/backends/wasm/assembler/byte-writer.ts";
import { FunctionBuilder } from "../../src/backends/wasm/assembler/function-builder.ts";
import { exactProfile } from "../../src/backends/wasm/kernel-profile.ts";
import { stepOf } from "../../src/backends/wasm/step.ts";
import type { Kernel } from "../../src/graph/passes/kernel.ts";
import { disassemble, type Instruction } from "../docs/disassemble.ts";

/** What a kernel is emitted as. */
export function instructionsOf(kernel: Kernel): Instruction[] {
  const step = stepOf(kernel, exactProfile);
  if (step?.emit == null) throw new Error("instructionsOf: the kernel is not emitted.");
  const fn = new FunctionBuilder(0, step.params, []);
  step.emit(fn, new Map());
  const out = new ByteWriter();
  fn.writeTo(out);
  return disassemble(codeIn(out.view()));
}

/** A code entry without its size and its locals. */
function codeIn(entry: Uint8Array): Uint8Array {
  let at = 0;
  const unsigned = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      value += (entry[at] & 0x7f) * 2 ** shift;
      if (entry[at++] < 0x80) return value;
    }
  };
  unsigned();
  for (let runs = unsigned(); runs > 0; runs--) {
    unsigned();
    at++;
  }
  return entry.subarray(at);
}

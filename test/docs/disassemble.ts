import {
  laneOpcodes,
  loadLaneOpcodes,
  loadOpcodes,
  opcodes,
  storeLaneOpcodes,
  storeOpcodes,
} from "../../src/backends/wasm/assembler/opcodes.ts";

/** An instruction of a function: its bytes and how the WebAssembly specification writes it. */
export interface Instruction {
  readonly bytes: readonly number[];
  readonly text: string;
}

/** What follows an opcode in the bytes. */
type Operands = "none" | "index" | "integer" | "block" | "memory" | "lane" | "memory lane" | "bytes";

const TABLE: ReadonlyMap<number, { readonly name: string; readonly operands: Operands }> = new Map([
  ...rows(opcodes, "none"),
  ...rows({ block: 0x02, loop: 0x03, if: 0x04 }, "block"),
  ...rows({ else: 0x05, end: 0x0b }, "none"),
  ...rows({ br: 0x0c, br_if: 0x0d, call: 0x10, "local.get": 0x20, "local.set": 0x21, "local.tee": 0x22 }, "index"),
  ...rows({ "i32.const": 0x41 }, "integer"),
  ...rows({ "v128.const": 0xfd000c, "i8x16.shuffle": 0xfd000d }, "bytes"),
  ...rows(loadOpcodes, "memory"),
  ...rows(storeOpcodes, "memory"),
  ...rows(laneOpcodes, "lane"),
  ...rows(loadLaneOpcodes, "memory lane"),
  ...rows(storeLaneOpcodes, "memory lane"),
]);

function rows(
  names: Readonly<Record<string, number>>,
  operands: Operands,
): [number, { name: string; operands: Operands }][] {
  return Object.entries(names).map(([name, code]) => [code & 0xffffff, { name, operands }]);
}

/** The instructions in a function's code, which begins after its locals. */
export function disassemble(code: Uint8Array): Instruction[] {
  const reader = new Reader(code);
  const found: Instruction[] = [];
  while (!reader.done) {
    const from = reader.at;
    const text = instruction(reader);
    found.push({ bytes: Array.from(code.subarray(from, reader.at)), text });
  }
  return found;
}

function instruction(reader: Reader): string {
  const first = reader.byte();
  const code = first >= 0xfc ? (first << 16) | reader.unsigned() : first;
  const row = TABLE.get(code);
  if (row === undefined) throw new Error(`disassemble: no instruction has the code 0x${code.toString(16)}.`);
  return [row.name, ...operandsOf(row.operands, reader)].join(" ");
}

function operandsOf(operands: Operands, reader: Reader): (string | number)[] {
  switch (operands) {
    case "none":
      return [];
    case "index":
      return [reader.unsigned()];
    case "integer":
      return [reader.signed()];
    case "block":
      reader.byte();
      return [];
    case "lane":
      return [reader.byte()];
    case "bytes":
      return Array.from({ length: 16 }, () => reader.byte());
    case "memory":
    case "memory lane": {
      reader.unsigned(); // alignment
      const offset = reader.unsigned();
      const lane = operands === "memory" ? [] : [reader.byte()];
      return [...(offset === 0 ? [] : [`offset=${offset}`]), ...lane];
    }
  }
}

class Reader {
  at = 0;
  readonly #code: Uint8Array;

  constructor(code: Uint8Array) {
    this.#code = code;
  }

  get done(): boolean {
    return this.at === this.#code.length;
  }

  byte(): number {
    if (this.done) throw new Error("disassemble: the code ends inside an instruction.");
    return this.#code[this.at++];
  }

  /** LEB128: seven bits a byte, the lowest first. */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  signed(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return (byte & 0x40) === 0 ? value : value - 2 ** (shift + 7);
    }
  }
}

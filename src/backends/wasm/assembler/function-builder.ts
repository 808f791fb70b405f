import { ByteWriter } from "./byte-writer.ts";
import type { LaneOpcode, LoadLaneOpcode, LoadOpcode, Opcode, StoreLaneOpcode, StoreOpcode } from "./opcodes.ts";
import { laneOpcodes, loadLaneOpcodes, loadOpcodes, opcodes, storeLaneOpcodes, storeOpcodes } from "./opcodes.ts";
import type { ValueType } from "./types.ts";
import { valueTypeCodes } from "./types.ts";

const emptyBlockType = 0x40;

/** One function's body, instruction by instruction; every method returns the builder. */
export class FunctionBuilder {
  readonly index: number;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** Code with the numbers of other functions belongs to one module; all other code can stand in any. */
  callsOthers = false;
  readonly #locals: ValueType[] = [];
  readonly #code = new ByteWriter();
  #openBlocks = 0;

  constructor(index: number, params: readonly ValueType[], results: readonly ValueType[]) {
    this.index = index;
    this.params = params;
    this.results = results;
  }

  /** Declares a local (zero at entry) and returns its index; parameters have the first indices. */
  local(type: ValueType): number {
    this.#locals.push(type);
    return this.params.length + this.#locals.length - 1;
  }

  get(local: number): this {
    return this.#withIndex(0x20, local);
  }

  set(local: number): this {
    return this.#withIndex(0x21, local);
  }

  tee(local: number): this {
    return this.#withIndex(0x22, local);
  }

  /** An integer in [-2^31, 2^32): addresses above 2 GiB may be given unsigned. */
  i32const(value: number): this {
    if (value !== (value | 0) && value !== value >>> 0) {
      throw new RangeError(`i32const: expected an integer in [-2^31, 2^32), got ${value}.`);
    }
    this.#code.byte(0x41);
    this.#code.s32(value);
    return this;
  }

  i64const(value: bigint): this {
    this.#code.byte(0x42);
    this.#code.s64(value);
    return this;
  }

  f32const(value: number): this {
    this.#code.byte(0x43);
    this.#code.f32(value);
    return this;
  }

  f64const(value: number): this {
    this.#code.byte(0x44);
    this.#code.f64(value);
    return this;
  }

  v128const(bytes: ArrayLike<number>): this {
    if (bytes.length !== 16) throw new RangeError(`v128const: expected 16 bytes, got ${bytes.length}.`);
    this.#code.append([0xfd, 0x0c]);
    this.#code.append(bytes);
    return this;
  }

  f32x4const(value: number): this {
    this.#code.append([0xfd, 0x0c]);
    for (let lane = 0; lane < 4; lane++) this.#code.f32(value);
    return this;
  }

  f64x2const(value: number): this {
    this.#code.append([0xfd, 0x0c]);
    for (let lane = 0; lane < 2; lane++) this.#code.f64(value);
    return this;
  }

  i32x4const(value: number): this {
    this.#code.append([0xfd, 0x0c]);
    for (let lane = 0; lane < 4; lane++) this.#code.i32(value);
    return this;
  }

  block(result?: ValueType): this {
    return this.#open(0x02, result);
  }

  loop(result?: ValueType): this {
    return this.#open(0x03, result);
  }

  if_(result?: ValueType): this {
    return this.#open(0x04, result);
  }

  else_(): this {
    this.#code.byte(0x05);
    return this;
  }

  end(): this {
    this.#openBlocks--;
    this.#code.byte(0x0b);
    return this;
  }

  br(depth: number): this {
    return this.#withIndex(0x0c, depth);
  }

  br_if(depth: number): this {
    return this.#withIndex(0x0d, depth);
  }

  call(functionIndex: number): this {
    this.callsOthers = true;
    return this.#withIndex(0x10, functionIndex);
  }

  return_(): this {
    return this.op("return");
  }

  drop(): this {
    return this.op("drop");
  }

  select(): this {
    return this.op("select");
  }

  /** Any instruction whose operands are all on the stack. */
  op(name: Opcode): this {
    const code = opcodes[name];
    this.#opcode(code & 0xffffff);
    for (let zeros = code >>> 24; zeros > 0; zeros--) this.#code.byte(0);
    return this;
  }

  load(name: LoadOpcode, offset = 0): this {
    return this.#memory(loadOpcodes[name], offset);
  }

  store(name: StoreOpcode, offset = 0): this {
    return this.#memory(storeOpcodes[name], offset);
  }

  loadLane(name: LoadLaneOpcode, offset: number, lane: number): this {
    this.#memory(loadLaneOpcodes[name], offset);
    this.#code.byte(lane);
    return this;
  }

  storeLane(name: StoreLaneOpcode, offset: number, lane: number): this {
    this.#memory(storeLaneOpcodes[name], offset);
    this.#code.byte(lane);
    return this;
  }

  lane(name: LaneOpcode, lane: number): this {
    this.#opcode(laneOpcodes[name]);
    this.#code.byte(lane);
    return this;
  }

  /** i8x16.shuffle: 16 byte indices, 0-15 from the first operand and 16-31 from the second. */
  shuffle(lanes: ArrayLike<number>): this {
    if (lanes.length !== 16) throw new RangeError(`shuffle: expected 16 lanes, got ${lanes.length}.`);
    this.#code.append([0xfd, 0x0d]);
    this.#code.append(lanes);
    return this;
  }

  /** The code entry, ready to stand in a module. */
  bytes(): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter();
    this.writeTo(out);
    return out.view().slice();
  }

  /** Appends the code entry: its size, the locals by runs of one type, the instructions. */
  writeTo(out: ByteWriter): void {
    if (this.#openBlocks !== 0) {
      throw new Error(`function ${this.index}: ${this.#openBlocks} block(s) without end().`);
    }
    const locals = new ByteWriter();
    const runs = this.#localRuns();
    locals.u32(runs.length);
    for (const { type, count } of runs) {
      locals.u32(count);
      locals.byte(valueTypeCodes[type]);
    }
    out.u32(locals.length + this.#code.length + 1);
    out.append(locals.view());
    out.append(this.#code.view());
    out.byte(0x0b);
  }

  #localRuns(): { type: ValueType; count: number }[] {
    const runs: { type: ValueType; count: number }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    return runs;
  }

  #open(code: number, result: ValueType | undefined): this {
    this.#openBlocks++;
    this.#code.byte(code);
    this.#code.byte(result === undefined ? emptyBlockType : valueTypeCodes[result]);
    return this;
  }

  #withIndex(code: number, index: number): this {
    this.#code.byte(code);
    this.#code.u32(index);
    return this;
  }

  // The alignment hint is 0 everywhere (it promises nothing): V8 makes no use of a larger one.
  #memory(code: number, offset: number): this {
    this.#opcode(code);
    this.#code.byte(0);
    this.#code.u32(offset);
    return this;
  }

  #opcode(code: number): void {
    if (code <= 0xff) {
      this.#code.byte(code);
    } else {
      this.#code.byte(code >>> 16);
      this.#code.u32(code & 0xffff);
    }
  }
}

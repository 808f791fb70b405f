import { ByteWriter } from "./byte-writer.ts";
import { FunctionBuilder } from "./function-builder.ts";
import type { ValueType } from "./types.ts";
import { valueTypeCodes } from "./types.ts";

/** The imported memory, in 64 KiB pages. A module links only if `shared` is as the memory was made. */
export interface MemoryImport {
  shared: boolean;
  minimum?: number;
  maximum: number;
}

const section = {
  type: 1,
  import: 2,
  function: 3,
  export: 7,
  code: 10,
} as const;

/** A WebAssembly module over the memory that it imports as `env.memory`. */
export class ModuleBuilder {
  readonly #memory: MemoryImport;
  readonly #signatures = new Map<string, number>();
  readonly #types = new ByteWriter();
  readonly #imports: { module: string; name: string; type: number }[] = [];
  readonly #functions: { type: number; builder: Pick<FunctionBuilder, "writeTo"> }[] = [];
  readonly #exports: { name: string; index: number }[] = [];

  constructor(options: { memory: MemoryImport }) {
    this.#memory = options.memory;
  }

  /** Declares a function to import and returns its index; all imports come before the first `func`. */
  importFunction(module: string, name: string, params: ValueType[], results: ValueType[]): number {
    if (this.#functions.length > 0) {
      throw new Error(
        `importFunction "${module}.${name}": imported functions have the first indices. ` +
          "Import before the first func().",
      );
    }
    this.#imports.push({
      module,
      name,
      type: this.#typeIndex(params, results),
    });
    return this.#imports.length - 1;
  }

  /** Starts a function; its index can be called at once, before its body is written. */
  func(params: ValueType[], results: ValueType[], exportName?: string): FunctionBuilder {
    const index = this.#imports.length + this.#functions.length;
    const builder = new FunctionBuilder(index, params, results);
    this.#functions.push({ type: this.#typeIndex(params, results), builder });
    if (exportName !== undefined) this.#exports.push({ name: exportName, index });
    return builder;
  }

  /** A function whose code entry was made before, and calls no other. Returns its index. */
  entry(params: readonly ValueType[], results: readonly ValueType[], code: Uint8Array): number {
    const writeTo = (out: ByteWriter): void => out.append(code);
    return (
      this.#imports.length + this.#functions.push({ type: this.#typeIndex(params, results), builder: { writeTo } }) - 1
    );
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter();
    out.append([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    writeSection(out, section.type, this.#signatures.size, (to) => to.append(this.#types.view()));
    writeSection(out, section.import, this.#imports.length + 1, (to) => this.#writeImports(to));
    writeSection(out, section.function, this.#functions.length, (to) => {
      for (const { type } of this.#functions) to.u32(type);
    });
    writeSection(out, section.export, this.#exports.length, (to) => {
      for (const { name, index } of this.#exports) {
        to.name(name);
        to.byte(0);
        to.u32(index);
      }
    });
    writeSection(out, section.code, this.#functions.length, (to) => {
      for (const { builder } of this.#functions) builder.writeTo(to);
    });
    return out.view().slice();
  }

  #writeImports(to: ByteWriter): void {
    for (const { module, name, type } of this.#imports) {
      to.name(module);
      to.name(name);
      to.byte(0);
      to.u32(type);
    }
    to.name("env");
    to.name("memory");
    to.append([2, this.#memory.shared ? 3 : 1]);
    to.u32(this.#memory.minimum ?? 0);
    to.u32(this.#memory.maximum);
  }

  #typeIndex(params: readonly ValueType[], results: readonly ValueType[]): number {
    const signature = `${params.join()}:${results.join()}`;
    const known = this.#signatures.get(signature);
    if (known !== undefined) return known;
    const index = this.#signatures.size;
    this.#signatures.set(signature, index);
    this.#types.byte(0x60);
    for (const list of [params, results]) {
      this.#types.u32(list.length);
      for (const type of list) this.#types.byte(valueTypeCodes[type]);
    }
    return index;
  }
}

function writeSection(out: ByteWriter, id: number, count: number, write: (to: ByteWriter) => void): void {
  const content = new ByteWriter();
  content.u32(count);
  write(content);
  out.byte(id);
  out.u32(content.length);
  out.append(content.view());
}

// tested by src/backends/wasm/kernels/conv.test.ts
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import { entryBytes } from "./conv-tile.ts";
import { addFunction, addLocals, advance, advanceBy, countDown } from "./pointer-steps.ts";

/** A table's entries: the first, and three loops, each with its count and its steps. */
export interface Entries {
  readonly first: readonly [x: number, y: number];
  readonly loops: readonly (readonly [count: number, x: number, y: number])[];
}

const numbers = ["x", "y", "n0", "x0", "y0", "n1", "x1", "y1", "n2", "x2", "y2"] as const;

/** A function that fills a table: its index, and what it takes after the table's address. */
export interface TableFunction {
  readonly index: number;
  readonly parameters: readonly string[];
}

/** The names of the parameters that describe a table in a longer list. */
export function tableParameters(table: string, parameters: readonly string[] = numbers): string[] {
  return parameters.map((name) => `${table} ${name}`);
}

/** The arguments for those parameters. */
export function tableArguments({ first, loops }: Entries): number[] {
  return [...first, ...loops.flat()];
}

export function countEntries({ loops }: Entries): number {
  return loops.reduce((product, [count]) => product * count, 1);
}

/**
 * (to, x, y, n0, x0, y0, n1, x1, y1, n2, x2, y2): writes the entries (x + i x0 + j x1 + k x2, y + i y0 + j y1 + k y2)
 * for i < n0, j < n1, k < n2, and the last one again until `rows` fit: whole tiles. With n0 = 0 it
 * writes nothing; the other counts are at least 1.
 */
export function addTable(module: ModuleBuilder, rows: number): TableFunction {
  const { f, at } = addFunction(module, ["to", ...numbers]);
  const more = addLocals(f, ["j", "k", "xj", "yj", "xk", "yk", "start"]);
  f.get(at.n0).op("i32.eqz").if_().return_().end();
  f.get(at.to).set(more.start);
  f.loop();
  f.get(at.n1).set(more.j).get(at.x).set(more.xj).get(at.y).set(more.yj);
  f.loop();
  f.get(at.n2).set(more.k).get(more.xj).set(more.xk).get(more.yj).set(more.yk);
  f.loop();
  const write = (): void => {
    f.get(at.to).get(more.xk).store("i32.store").get(at.to).get(more.yk).store("i32.store", 4);
    advance(f, at.to, entryBytes);
  };
  write();
  advanceBy(f, more.xk, at.x2);
  advanceBy(f, more.yk, at.y2);
  countDown(f, more.k);
  f.end();
  advanceBy(f, more.xj, at.x1);
  advanceBy(f, more.yj, at.y1);
  countDown(f, more.j);
  f.end();
  advanceBy(f, at.x, at.x0);
  advanceBy(f, at.y, at.y0);
  countDown(f, at.n0);
  f.end();
  f.get(at.to).i32const(entryBytes).op("i32.sub").tee(more.k).load("i32.load").set(more.xk);
  f.get(more.k).load("i32.load", 4).set(more.yk);
  // Until the bytes written are whole tiles; `rows` is a power of two.
  f.block().loop().get(at.to).get(more.start).op("i32.sub");
  f.i32const(rows * entryBytes - 1)
    .op("i32.and")
    .op("i32.eqz")
    .br_if(1);
  write();
  f.br(0).end().end();
  return { index: f.index, parameters: numbers };
}

/** A table of windows that lie apart: in x where they begin, and in y; then their places in x, each window filled up. */
export interface WindowEntries {
  readonly windows: Entries;
  readonly places: readonly (readonly [count: number, x: number])[];
  /** Entries of a window. */
  readonly filled: number;
}

export const windowNumbers = [
  "x", "y", "n0", "x0", "y0", "n1", "x1", "y1", "bytes", "m0", "mx0", "m1", "mx1",
] as const; // biome-ignore format: one list

export function windowArguments({ windows, places, filled }: WindowEntries): number[] {
  return [...windows.first, ...windows.loops.slice(0, 2).flat(), filled * entryBytes, ...places.flat()];
}

/** (to, ...windowNumbers): writes each window's places, filled up as `table` does. */
export function addWindowTable(module: ModuleBuilder, table: TableFunction): TableFunction {
  const { f, at } = addFunction(module, ["to", ...windowNumbers]);
  const { j, xj, yj } = addLocals(f, ["j", "xj", "yj"]);
  f.loop();
  f.get(at.n1).set(j).get(at.x).set(xj).get(at.y).set(yj);
  f.loop();
  for (const local of [at.to, xj, yj, at.m0, at.mx0]) f.get(local);
  f.i32const(0).get(at.m1).get(at.mx1).i32const(0);
  f.i32const(1).i32const(0).i32const(0).call(table.index);
  advanceBy(f, at.to, at.bytes);
  advanceBy(f, xj, at.x1);
  advanceBy(f, yj, at.y1);
  countDown(f, j);
  f.end();
  advanceBy(f, at.x, at.x0);
  advanceBy(f, at.y, at.y0);
  countDown(f, at.n0);
  f.end();
  return { index: f.index, parameters: windowNumbers };
}

/** Entries that a table of rows takes. */
export function tableBytes(entries: number, rows = 1): number {
  return Math.ceil(entries / rows) * rows * entryBytes;
}

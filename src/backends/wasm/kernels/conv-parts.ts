// tested by src/backends/wasm/kernels/conv.test.ts
import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import { type TableFunction, tableParameters } from "./conv-tables.ts";
import type { MajorOrder } from "./lane-type.ts";
import { addFunction, addLocals, advanceBy, countDown } from "./pointer-steps.ts";

/** Function indices that the ways to convolve share. */
export interface ConvParts {
  readonly panel: number;
  /** What fills the tables of rows and of runs. */
  readonly tables: Readonly<Record<"row" | "run", TableFunction>>;
  readonly copy: number;
  readonly pack: Readonly<Record<MajorOrder, number>>;
}

/** Parameters that describe the kernel, and its panels in scratch: for each group and run, panels of k by columns. */
export type Packing =
  | "groups"
  | "wGroup" // bytes between groups
  | "columns" // of a group
  | "k" // products in a run
  | "packed"
  | "packedRun" // bytes of a run's panels
  | "packedPanel"
  | "taps" // runs to pack
  | "wTap" // bytes between them
  | "wRow"; // bytes between rows of w

export const packingParameters: readonly Packing[] = [
  "groups",
  "wGroup",
  "columns",
  "k",
  "packed",
  "packedRun",
  "packedPanel",
  "taps",
  "wTap",
  "wRow",
];

/** Parameters that describe a picture, and its copy in scratch with places around. */
export type Padding =
  | "padded"
  | "paddedBytes" // 0: no place beyond the borders is needed
  | "padStart" // the first place within the borders
  | "padRow" // bytes between rows
  | "pictureRows"
  | "pictureRow"; // bytes of a row

export const paddingParameters: readonly Padding[] = [
  "padded",
  "paddedBytes",
  "padStart",
  "padRow",
  "pictureRows",
  "pictureRow",
];

/** Where the tables of rows and of runs lie. */
export type Tables = "rows" | "tiles" | "runs" | "runsEnd";

export const tablesParameters: readonly Tables[] = ["rows", "tiles", "runs", "runsEnd"];

/** What tables hold: the last parameters of each product. */
export const entriesParameters: readonly string[] = [...tableParameters("row"), ...tableParameters("run")];

export type Locals<Name extends string> = Readonly<Record<Name, number>>;

/** Starts a function of these parameters, and those for the tables' entries, which it fills. */
export function addProduct<Name extends string>(
  module: ModuleBuilder,
  parameters: readonly Name[],
  tables: ConvParts["tables"],
  name: string,
): { f: FunctionBuilder; at: Locals<Name> } {
  const rowEntries = tableParameters("row", tables.row.parameters);
  const runEntries = tableParameters("run", tables.run.parameters);
  const { f, at } = addFunction<string>(module, [...parameters, ...rowEntries, ...runEntries], name);
  // All that lies in scratch is given by offsets.
  for (const place of ["rows", "runs", "runsEnd", "padded", "packed"]) {
    if (Object.hasOwn(at, place)) advanceBy(f, at[place], at["scratch"]);
  }
  f.get(at["rows"]);
  for (const parameter of rowEntries) f.get(at[parameter]);
  f.call(tables.row.index).get(at["runs"]);
  for (const parameter of runEntries) f.get(at[parameter]);
  f.call(tables.run.index);
  return { f, at: at as Locals<Name> };
}

/** Packs w: for each run a matrix [k, columns] (order "k") or [columns, k] ("rows"). */
export function emitPacking(f: FunctionBuilder, at: Locals<Packing | "w">, pack: number): void {
  const { group, tap, from, to } = addLocals(f, ["group", "tap", "from", "to"]);
  f.get(at.groups).set(group).get(at.packed).set(to).loop();
  f.get(at.taps).set(tap).get(at.w).set(from).loop();
  for (const local of [from, to, at.k, at.columns, at.wRow]) f.get(local);
  f.call(pack);
  advanceBy(f, to, at.packedRun);
  advanceBy(f, from, at.wTap);
  countDown(f, tap);
  f.end();
  advanceBy(f, at.w, at.wGroup);
  countDown(f, group);
  f.end();
}

/** The borders of a padded copy are zeroed once: pictures only fill what is inside them. */
export function emitBorders(f: FunctionBuilder, at: Locals<Padding>): void {
  f.get(at.paddedBytes).if_().get(at.padded).i32const(0).get(at.paddedBytes).op("memory.fill").end();
}

/** target = where a picture can be read: in place, or in its padded copy. */
export function emitPadded(
  f: FunctionBuilder,
  at: Locals<Padding>,
  { picture, target, copy }: { picture: number; target: number; copy: number },
): void {
  f.get(at.paddedBytes).if_();
  f.get(picture).get(at.padded).get(at.padStart).op("i32.add").get(at.pictureRows).get(at.pictureRow);
  f.get(at.pictureRow).get(at.padRow).call(copy);
  f.get(at.padded).set(target).else_().get(picture).set(target).end();
}

/** (src, dst, rows, rowBytes, srcRow, dstRow): copies rows, at least one. */
export function addCopyRows(module: ModuleBuilder): number {
  const { f, at } = addFunction(module, ["src", "dst", "rows", "rowBytes", "srcRow", "dstRow"]);
  f.loop().get(at.dst).get(at.src).get(at.rowBytes).op("memory.copy");
  advanceBy(f, at.src, at.srcRow);
  advanceBy(f, at.dst, at.dstRow);
  countDown(f, at.rows);
  f.end();
  return f.index;
}

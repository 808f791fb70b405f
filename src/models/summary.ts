import { BYTES } from "../core/dtype.ts";
import type { Variable } from "../graph/variable.ts";
import { InputLayer } from "../layers/input.ts";
import type { Layer, OpenShape } from "../layers/layer.ts";
import type { Model } from "./model.ts";

/** Characters of the columns, without the blank on either side. */
const WIDTHS = [31, 22, 13] as const;

type Cells = readonly [string, string, string];

/** The table that Keras 3 prints: a row a layer, then the parameters. */
export function summaryOf(model: Model): string {
  let shape: OpenShape | null = model.inputShape;
  const rows = model.layers.flatMap((layer): Cells[] => {
    if (shape !== null) shape = layer.computeOutputShape(shape);
    return layer instanceof InputLayer ? [] : [rowOf(layer, shape)];
  });
  return [
    `Model: "${model.name}"`,
    table(["Layer (type)", "Output Shape", "Param #"], rows),
    ...counts(model).map(([what, variables]) => ` ${what} params: ${counted(variables)}`),
  ].join("\n");
}

function rowOf(layer: Layer, shape: OpenShape | null): Cells {
  const params = layer.built ? layer.countParams().toLocaleString("en-US") : "0 (unbuilt)";
  return [`${layer.name} (${layer.className})`, shape === null ? "?" : shapeOf(shape), params];
}

/** Before the first step there is no optimizer state, and no line for it. */
function counts(model: Model): [string, readonly Variable[]][] {
  const trainable = model.trainableVariables;
  const fixed = model.variables.filter((variable) => !trainable.includes(variable));
  const state = model.trainer?.state ?? null;
  const optimizer = state === null ? [] : state.optimizerVariables(trainable);
  const lines: [string, readonly Variable[]][] = [
    ["Total", [...trainable, ...fixed, ...optimizer]],
    ["Trainable", trainable],
    ["Non-trainable", fixed],
  ];
  return optimizer.length === 0 ? lines : [...lines, ["Optimizer", optimizer]];
}

function shapeOf(shape: OpenShape): string {
  const sizes = shape.map((n) => (n === null ? "None" : String(n)));
  return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(", ")})`;
}

/** 101,770 (397.54 KB) */
function counted(variables: readonly Variable[]): string {
  const count = variables.reduce((sum, { size }) => sum + size, 0);
  const bytes = variables.reduce((sum, { size, dtype }) => sum + size * BYTES[dtype], 0);
  const units = ["B", "KB", "MB", "GB", "TB"];
  const unit = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${count.toLocaleString("en-US")} (${(bytes / 1024 ** unit).toFixed(2)} ${units[unit]})`;
}

/** Text to the left, numbers to the right; what is too long goes on in the next line. */
function table(head: Cells, rows: readonly Cells[]): string {
  const rule = (left: string, fill: string, middle: string, right: string): string =>
    left + WIDTHS.map((width) => fill.repeat(width + 2)).join(middle) + right;
  const body = rows.flatMap((row, i) => [...(i === 0 ? [] : [rule("├", "─", "┼", "┤")]), ...linesOf(row, "│")]);
  return [
    rule("┏", "━", "┳", "┓"),
    ...linesOf(head, "┃"),
    rule("┡", "━", "╇", "┩"),
    ...body,
    rule("└", "─", "┴", "┘"),
  ].join("\n");
}

function linesOf(row: Cells, bar: string): string[] {
  const columns = row.map((text, c) => wrapped(text, WIDTHS[c]));
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, i) => {
    const cells = columns.map((lines, c) =>
      c === 2 ? (lines[i] ?? "").padStart(WIDTHS[c]) : (lines[i] ?? "").padEnd(WIDTHS[c]),
    );
    return `${bar} ${cells.join(` ${bar} `)} ${bar}`;
  });
}

/** Broken between words; a word that is longer than a line is cut. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + 1 + word.length <= width) lines[last] += ` ${word}`;
    else lines.push(word.length > width ? `${word.slice(0, width - 1)}…` : word);
  }
  return lines;
}

import { BYTES } from "../core/dtype.ts";
import { StateError } from "../core/errors.ts";
import type { OpenShape } from "../layers/layer.ts";
import type { Variable } from "../graph/variable.ts";
import type { Model } from "./model.ts";

/** The table that Keras prints: a row a layer, then the parameters. */
export function summaryOf(model: Model): string {
  if (!model.built || model.inputShape === null) {
    throw new StateError(`${model}: summary before its shapes are known. Fit it, or call build([null, features]) first.`);
  }
  let shape: OpenShape = model.inputShape;
  const rows = model.layers.map((layer) => {
    shape = layer.computeOutputShape(shape);
    return [`${layer.name} (${layer.className})`, keraShape(shape), layer.countParams().toLocaleString("en-US")];
  });
  const trainable = total(model.trainableVariables);
  const all = total(model.variables);
  const fixed = { count: all.count - trainable.count, bytes: all.bytes - trainable.bytes };
  return [
    `Model: "${model.name}"`,
    table(["Layer (type)", "Output Shape", "Param #"], rows),
    ` Total params: ${counted(all)}`,
    ` Trainable params: ${counted(trainable)}`,
    ` Non-trainable params: ${counted(fixed)}`,
  ].join("\n");
}

function keraShape(shape: OpenShape): string {
  const sizes = shape.map((n) => (n === null ? "None" : String(n)));
  return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(", ")})`;
}

function total(variables: readonly Variable[]): { count: number; bytes: number } {
  return [...new Set(variables)].reduce((sum, v) => ({ count: sum.count + v.size, bytes: sum.bytes + v.size * BYTES[v.dtype] }), { count: 0, bytes: 0 });
}

function counted({ count, bytes }: { count: number; bytes: number }): string {
  const units = ["B", "KB", "MB", "GB"];
  const unit = Math.min(units.length - 1, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${count.toLocaleString("en-US")} (${(bytes / 1024 ** unit).toFixed(2)} ${units[unit]})`;
}

/** Names to the left, numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const least = [33, 24, 15];
  const widths = head.map((title, c) => Math.max(least[c], title.length + 2, ...rows.map((row) => row[c].length + 2)));
  const line = (left: string, fill: string, middle: string, right: string) => left + widths.map((w) => fill.repeat(w)).join(middle) + right;
  const cells = (row: readonly string[], bar: string) => {
    const padded = row.map((text, c) => (c === 2 ? ` ${text.padStart(widths[c] - 2)} ` : ` ${text.padEnd(widths[c] - 2)} `));
    return bar + padded.join(bar) + bar;
  };
  const body = rows.map((row) => cells(row, "│"));
  const separated = body.flatMap((text, i) => (i === 0 ? [text] : [line("├", "─", "┼", "┤"), text]));
  return [
    line("┏", "━", "┳", "┓"),
    cells(head, "┃"),
    line("┡", "━", "╇", "┩"),
    ...separated,
    line("└", "─", "┴", "┘"),
  ].join("\n");
}

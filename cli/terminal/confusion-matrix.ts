import { ValueError } from "gradwise";
import { percent } from "./percent.ts";

export interface ConfusionMatrix {
  readonly classNames: readonly string[];
  /** counts[t][p]: examples of class t that were taken for class p. */
  readonly counts: readonly (readonly number[])[];
}

/** Counts pairs of classes; both lists hold indices into `classNames`. */
export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classNames: readonly string[],
): ConfusionMatrix {
  if (truth.length !== predicted.length) {
    throw new ValueError(
      `confusionMatrix: got ${truth.length} true and ${predicted.length} predicted classes, expected as many of each.`,
    );
  }
  const counts = classNames.map(() => new Array<number>(classNames.length).fill(0));
  for (let i = 0; i < truth.length; i++) {
    checkClass("truth", i, truth[i], classNames.length);
    checkClass("predicted", i, predicted[i], classNames.length);
    counts[truth[i]][predicted[i]]++;
  }
  return { classNames, counts };
}

function checkClass(argument: string, i: number, label: number, classes: number): void {
  if (Number.isInteger(label) && label >= 0 && label < classes) return;
  throw new ValueError(
    `confusionMatrix: ${argument}[${i}] is ${label}, expected a class from 0 to ${classes - 1}. ` +
      "Give every class a name, and predictions as class numbers.",
  );
}

const LONGEST_NAME = 12;
const RECALL_WIDTH = "  100.0 %".length;

/**
 * The matrix as a table: a row for each true class, a column for each predicted one, zeros as dots, and the recall (the
 * share of the row on the diagonal). Columns that do not fit the terminal follow in further tables below.
 */
export function drawConfusionMatrix({ classNames, counts }: ConfusionMatrix, { columns }: { columns: number }): string {
  const names = classNames.map(shorten);
  const cells = counts.map((row) => row.map((count) => (count === 0 ? "." : String(count))));
  const headWidth = Math.max("truth".length, ...names.map((name) => name.length));
  const cellWidth = 1 + Math.max(1, ...names.map((name) => name.length), ...cells.flat().map((cell) => cell.length));
  const perTable = Math.max(1, Math.floor((columns - headWidth - RECALL_WIDTH) / cellWidth));
  const tables: string[] = [];
  for (let first = 0; first < names.length; first += perTable) {
    const line = (head: string, row: readonly string[], end: string): string => {
      const shown = row.slice(first, first + perTable).map((cell) => cell.padStart(cellWidth));
      return head.padStart(headWidth) + shown.join("") + end.padStart(RECALL_WIDTH);
    };
    const rows = cells.map((row, t) => line(names[t], row, percent(recall(counts[t], t), 1)));
    tables.push([`${" ".repeat(headWidth)} predicted`, line("truth", names, "recall"), ...rows].join("\n"));
  }
  return tables.join("\n\n");
}

/** NaN for a class of which there was no example. */
function recall(row: readonly number[], t: number): number {
  return row[t] / row.reduce((sum, count) => sum + count, 0);
}

function shorten(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}

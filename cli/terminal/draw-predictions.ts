import { red } from "./colour.ts";
import { drawDigit } from "./draw-digit.ts";
import { percent } from "./percent.ts";

export interface Prediction {
  /** Grey levels 0 to 255, row-major. */
  readonly pixels: ArrayLike<number>;
  readonly predicted: string;
  /** The probability of `predicted`, 0 to 1. */
  readonly confidence: number;
  readonly truth: string;
}

export interface DrawPredictionsOptions {
  readonly height: number;
  readonly width: number;
  readonly colour: boolean;
  /** The terminal's width. */
  readonly columns: number;
}

const GAP = "  ";

/** Pictures side by side, as many as fit, each above `predicted 7 (98 %)` and `truth 7`; wrong ones say so. */
export function drawPredictions(predictions: readonly Prediction[], options: DrawPredictionsOptions): string {
  const { height, width, colour, columns } = options;
  const captions = predictions.map(captionOf);
  const cellWidth = Math.max(width, ...captions.flat().map((line) => line.length));
  const perRow = Math.max(1, Math.floor((columns + GAP.length) / (cellWidth + GAP.length)));
  const cells = predictions.map(({ pixels, predicted, truth }, i): string[] => {
    const picture = drawDigit(pixels, height, width, { colour }).split("\n");
    const paint = colour && predicted !== truth ? red : (text: string): string => text;
    // Escapes take no room on the screen: pad by the visible length.
    const padding = (visible: number): string => " ".repeat(cellWidth - visible);
    return [
      ...picture.map((line) => line + padding(width)),
      ...captions[i].map((line) => paint(line) + padding(line.length)),
    ];
  });
  const rows: string[] = [];
  for (let first = 0; first < cells.length; first += perRow) rows.push(sideBySide(cells.slice(first, first + perRow)));
  return rows.join("\n\n");
}

function captionOf({ predicted, confidence, truth }: Prediction): readonly [string, string] {
  return [`predicted ${predicted} (${percent(confidence)})`, `truth ${truth}${predicted === truth ? "" : ", wrong"}`];
}

function sideBySide(cells: readonly string[][]): string {
  const lines = cells[0].map((_, line) => cells.map((cell) => cell[line]).join(GAP));
  return lines.map((line) => line.trimEnd()).join("\n");
}

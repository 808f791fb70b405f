import { ValueError } from "gradwise";
import { clampGrey, coloured, greyColour } from "./colour.ts";

/** Ten characters from no ink to full ink. */
const INK = " .:-=+*#%@";

/**
 * A picture of grey levels 0 to 255, row-major, as lines of `width` characters. A character is about twice as high as
 * wide, so it stands for two pixels, one above the other: with colour as the upper half block, whose foreground is the
 * upper pixel and background the lower; without as the character of their mean. An odd last row is paired with 0.
 */
export function drawDigit(
  pixels: ArrayLike<number>,
  height: number,
  width: number,
  { colour }: { readonly colour: boolean },
): string {
  if (pixels.length !== height * width) {
    throw new ValueError(`drawDigit: got ${pixels.length} pixels, expected ${height} x ${width} = ${height * width}.`);
  }
  const drawLine = colour ? halfBlocks : inkCharacters;
  const lines: string[] = [];
  for (let row = 0; row < height; row += 2) {
    const pairs = Array.from({ length: width }, (_, column): Pair => {
      const upper = pixels[row * width + column];
      return [upper, row + 1 < height ? pixels[(row + 1) * width + column] : 0];
    });
    lines.push(drawLine(pairs));
  }
  return lines.join("\n");
}

type Pair = readonly [upper: number, lower: number];

function inkCharacters(pairs: readonly Pair[]): string {
  return pairs
    .map(([upper, lower]) => {
      const mean = (clampGrey(upper) + clampGrey(lower)) / 2;
      return INK[Math.round((mean / 255) * (INK.length - 1))];
    })
    .join("");
}

/** Equal neighbours share one escape: most of a digit is paper. */
function halfBlocks(pairs: readonly Pair[]): string {
  const runs: { foreground: number; background: number; length: number }[] = [];
  for (const [upper, lower] of pairs) {
    const [foreground, background] = [greyColour(upper), greyColour(lower)];
    const last = runs.at(-1);
    if (last?.foreground === foreground && last.background === background) last.length++;
    else runs.push({ foreground, background, length: 1 });
  }
  return runs.map((run) => coloured("▀".repeat(run.length), run.foreground, run.background)).join("");
}

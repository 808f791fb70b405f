import { expect, test } from "vitest";
import { drawPredictions, type Prediction } from "./draw-predictions.ts";

const right: Prediction = { pixels: [255, 0, 255, 0], predicted: "7", confidence: 0.984, truth: "7" };
const wrong: Prediction = { pixels: [0, 255, 0, 255], predicted: "4", confidence: 0.61, truth: "9" };
const size = { height: 2, width: 2 };

test("side by side, with the prediction beside the truth, and wrong ones marked", () => {
  const text = drawPredictions([right, wrong], { ...size, colour: false, columns: 80 });
  expect(text).toBe(
    [
      "@                                    @", //
      "predicted 7 (98 %)  truth 7         predicted 4 (61 %)  truth 9  wrong",
    ].join("\n"),
  );
});

test("as many in a row as the terminal has room for, and at least one", () => {
  const three = [right, right, right];
  const caption = "predicted 7 (98 %)  truth 7"; // 27 characters
  const gap = " ".repeat(28);
  const two = drawPredictions(three, { ...size, colour: false, columns: 56 });
  expect(two).toBe([`@${gap}@`, `${caption}  ${caption}`, "", "@", caption].join("\n"));
  const one = ["@", caption].join("\n");
  expect(drawPredictions(three, { ...size, colour: false, columns: 55 })).toBe([one, one, one].join("\n\n"));
  expect(drawPredictions(three, { ...size, colour: false, columns: 5 })).toBe([one, one, one].join("\n\n"));
});

test("colour marks wrong captions red and does not shift the columns", () => {
  const text = drawPredictions([wrong, right], { ...size, colour: true, columns: 80 });
  expect(text).toBe(
    [
      `\x1b[38;5;16;48;5;16m▀\x1b[0m\x1b[38;5;231;48;5;231m▀\x1b[0m${" ".repeat(34)}` +
        "\x1b[38;5;231;48;5;231m▀\x1b[0m\x1b[38;5;16;48;5;16m▀\x1b[0m",
      "\x1b[31mpredicted 4 (61 %)  truth 9  wrong\x1b[0m  predicted 7 (98 %)  truth 7",
    ].join("\n"),
  );
});

test("no predictions are no text", () => {
  expect(drawPredictions([], { ...size, colour: false, columns: 80 })).toBe("");
});

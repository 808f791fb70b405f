import { expect, test } from "vitest";
import { drawPredictions, type Prediction } from "./draw-predictions.ts";

const right: Prediction = { pixels: [255, 0, 255, 0], predicted: "7", confidence: 0.984, truth: "7" };
const wrong: Prediction = { pixels: [0, 255, 0, 255], predicted: "4", confidence: 0.61, truth: "9" };
const size = { height: 2, width: 2 };

test("side by side, with the prediction beside the truth, and wrong ones marked", () => {
  const text = drawPredictions([right, wrong], { ...size, colour: false, columns: 80 });
  expect(text).toBe(
    [
      "@                    @", //
      "predicted 7 (98 %)  predicted 4 (61 %)",
      "truth 7             truth 9, wrong",
    ].join("\n"),
  );
});

test("as many in a row as the terminal has room for, and at least one", () => {
  const three = [right, right, right];
  const caption = "predicted 7 (98 %)"; // 18 characters
  const one = ["@", caption, "truth 7"].join("\n");
  const two = drawPredictions(three, { ...size, colour: false, columns: 38 });
  expect(two).toBe(
    [`@${" ".repeat(19)}@`, `${caption}  ${caption}`, `truth 7${" ".repeat(13)}truth 7`, "", one].join("\n"),
  );
  expect(drawPredictions(three, { ...size, colour: false, columns: 37 })).toBe([one, one, one].join("\n\n"));
  expect(drawPredictions(three, { ...size, colour: false, columns: 5 })).toBe([one, one, one].join("\n\n"));
});

test("colour marks wrong captions red and does not shift the columns", () => {
  const text = drawPredictions([wrong, right], { ...size, colour: true, columns: 80 });
  expect(text).toBe(
    [
      `\x1b[38;5;16;48;5;16m▀\x1b[0m\x1b[38;5;231;48;5;231m▀\x1b[0m${" ".repeat(18)}` +
        "\x1b[38;5;231;48;5;231m▀\x1b[0m\x1b[38;5;16;48;5;16m▀\x1b[0m",
      "\x1b[31mpredicted 4 (61 %)\x1b[0m  predicted 7 (98 %)",
      "\x1b[31mtruth 9, wrong\x1b[0m      truth 7",
    ].join("\n"),
  );
});

test("no predictions are no text", () => {
  expect(drawPredictions([], { ...size, colour: false, columns: 80 })).toBe("");
});

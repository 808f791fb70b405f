import { expect, it } from "vitest";
import { duration, Progress, type Verbose } from "./progress.ts";

function screenOf(isTerminal: boolean, columns = 120) {
  const screen = { text: "", time: 0 };
  const terminal = {
    isTerminal,
    columns,
    write: (part: string) => {
      screen.text += part;
    },
  };
  return { screen, progress: (verbose: Verbose) => new Progress(verbose, 3, { terminal, now: () => screen.time }) };
}

it("rewrites one line in a terminal", () => {
  const { screen, progress } = screenOf(true);
  const shown = progress(1);
  shown.beginEpoch(1, 200);
  screen.time = 900;
  shown.update(90, () => ({ loss: 0.25 }));
  screen.time = 2400;
  shown.endEpoch(200, { loss: 0.125, accuracy: 0.5, val_loss: 2e-5 });
  expect(screen.text.split("\r\x1b[2K")).toEqual([
    "Epoch 2/3\n",
    ` 90/200 ${"━".repeat(9)}${"─".repeat(11)} 900ms 10ms/step - loss: 0.2500`,
    `200/200 ${"━".repeat(20)} 2.4s 12ms/step - loss: 0.1250 - accuracy: 0.5000 - val_loss: 2.0000e-5\n`,
  ]);
});

it("stays within a narrow terminal's line", () => {
  const { screen, progress } = screenOf(true, 30);
  const shown = progress("auto");
  shown.beginEpoch(0, 10);
  shown.update(5, () => ({ loss: 0.25, accuracy: 0.5 }));
  const [, line = ""] = screen.text.split("\r\x1b[2K");
  expect(line.length).toBe(29);
});

it("prints a line an epoch in a pipe, and asks for no numbers in between", () => {
  for (const verbose of [1, 2, "auto"] as const) {
    const { screen, progress } = screenOf(false);
    const shown = progress(verbose);
    shown.beginEpoch(0, 10);
    shown.update(5, () => expect.unreachable());
    screen.time = 85;
    shown.endEpoch(10, { loss: 0 });
    shown.note("stopped");
    expect(screen.text).toBe("Epoch 1/3\n10/10 - 85ms - 9ms/step - loss: 0.0000\nstopped\n");
  }
});

it("is plain in a terminal too where verbose is 2, counts without a total, and is silent where it is 0", () => {
  const { screen, progress } = screenOf(true);
  const shown = progress(2);
  shown.beginEpoch(0, null);
  shown.endEpoch(7, {});
  expect(screen.text).toBe("Epoch 1/3\n7 - 0us - 0us/step\n");
  screen.text = "";
  const silent = progress(0);
  silent.beginEpoch(0, 1);
  silent.update(1, () => ({}));
  silent.endEpoch(1, {});
  silent.note("nothing");
  expect(screen.text).toBe("");
});

it.each([
  [0.0123, "12us"],
  [0.9994, "999us"],
  [0.9996, "1ms"],
  [999.4, "999ms"],
  [999.6, "1.0s"],
  [9949, "9.9s"],
  [9951, "10s"],
  [59_499, "59s"],
  [59_999, "1m00s"],
  [125_000, "2m05s"],
])("writes %d ms as %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

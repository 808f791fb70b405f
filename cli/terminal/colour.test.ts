import { expect, test } from "vitest";
import { coloured, greyColour, red, wantsColour } from "./colour.ts";

test("colour goes to a terminal only, and NO_COLOR and a dumb terminal forbid it", () => {
  expect(wantsColour({ isTTY: true }, {})).toBe(true);
  expect(wantsColour({ isTTY: true }, { NO_COLOR: "", TERM: "xterm" })).toBe(true);
  expect(wantsColour({ isTTY: true }, { NO_COLOR: "1" })).toBe(false);
  expect(wantsColour({ isTTY: true }, { NO_COLOR: "0" })).toBe(false);
  expect(wantsColour({ isTTY: true }, { TERM: "dumb" })).toBe(false);
  expect(wantsColour({ isTTY: false }, {})).toBe(false);
  expect(wantsColour({}, {})).toBe(false);
});

test("greys rise from black over the 24 steps to white", () => {
  expect([0, 5, 6, 128, 249, 250, 255].map(greyColour)).toEqual([16, 16, 232, 244, 255, 231, 231]);
  expect([-20, 300].map(greyColour)).toEqual([16, 231]);
});

test("escapes end with a reset", () => {
  expect(red("x")).toBe("\x1b[31mx\x1b[0m");
  expect(coloured("x", 255, 16)).toBe("\x1b[38;5;255;48;5;16mx\x1b[0m");
});

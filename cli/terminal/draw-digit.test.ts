import { ValueError } from "gradwise";
import { expect, test } from "vitest";
import { drawDigit } from "./draw-digit.ts";

// A 5x4 picture: a ring, and an odd last row.
// biome-ignore format: a picture
const ring = [
    0, 255, 255,   0,
  255,   0,   0, 255,
  255,   0,   0, 255,
    0, 255, 255,   0,
   30,  90, 180, 255,
];

test("without colour a character is the mean of two pixels, one above the other", () => {
  expect(drawDigit(ring, 5, 4, { colour: false })).toBe(["++++", "++++", ".:-+"].join("\n"));
  const ramp = Array.from({ length: 20 }, (_, i) => Math.floor((i % 10) * 28.4));
  expect(drawDigit(ramp, 2, 10, { colour: false })).toBe(" .:-=+*#%@");
});

test("with colour a half block holds both pixels, and equal neighbours share an escape", () => {
  expect(drawDigit(ring, 5, 4, { colour: true })).toBe(
    [
      "\x1b[38;5;16;48;5;231m▀\x1b[0m\x1b[38;5;231;48;5;16m▀▀\x1b[0m\x1b[38;5;16;48;5;231m▀\x1b[0m",
      "\x1b[38;5;231;48;5;16m▀\x1b[0m\x1b[38;5;16;48;5;231m▀▀\x1b[0m\x1b[38;5;231;48;5;16m▀\x1b[0m",
      "\x1b[38;5;234;48;5;16m▀\x1b[0m\x1b[38;5;240;48;5;16m▀\x1b[0m" +
        "\x1b[38;5;249;48;5;16m▀\x1b[0m\x1b[38;5;231;48;5;16m▀\x1b[0m",
    ].join("\n"),
  );
});

test("levels outside 0 to 255 are drawn as the nearest", () => {
  expect(drawDigit([-50, 400, -50, 400], 2, 2, { colour: false })).toBe(" @");
});

test("a wrong number of pixels is an error", () => {
  expect(() => drawDigit(ring, 4, 4, { colour: false })).toThrow(
    new ValueError("drawDigit: got 20 pixels, expected 4 x 4 = 16."),
  );
});

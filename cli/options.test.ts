import { expect, test } from "vitest";
import { parseOptions, USAGE, UsageError } from "./options.ts";

const DEFAULTS = { network: "dense", seed: 0, seeds: null, epochs: 20, save: "models/digits.safetensors" };

test("nothing given is the main job with its defaults", () => {
  expect(parseOptions([])).toEqual(DEFAULTS);
});

test("--conv chooses the network of convolutions, with defaults of its own", () => {
  const conv = { network: "conv", seed: 0, seeds: null, epochs: 15, save: "models/digits-conv.safetensors" };
  expect(parseOptions(["--conv"])).toEqual(conv);
  expect(parseOptions(["--conv", "--seeds", "3", "--epochs", "2"])).toEqual({ ...conv, seeds: 3, epochs: 2 });
  expect(parseOptions(["--save=a.safetensors", "--conv"])).toEqual({ ...conv, save: "a.safetensors" });
});

test("options are read, with a space or an equals sign", () => {
  expect(parseOptions(["--seed", "7", "--epochs=3", "--save", "a/b.safetensors"])).toEqual({
    network: "dense",
    seed: 7,
    seeds: null,
    epochs: 3,
    save: "a/b.safetensors",
  });
  expect(parseOptions(["--seeds", "1"])).toEqual({ ...DEFAULTS, seeds: 1 });
});

test.each([["--help"], ["-h"]])("%s asks for help", (option) => {
  expect(parseOptions([option])).toBeNull();
});

test.each([
  [["--seeds", "0"], '--seeds: expected a whole number from 1 to 1000, got "0".'],
  [["--seeds=five"], '--seeds: expected a whole number from 1 to 1000, got "five".'],
  [["--epochs", "1.5"], '--epochs: expected a whole number from 1 to 100000, got "1.5".'],
  [["--seed", "4294967296"], '--seed: expected a whole number from 0 to 4294967295, got "4294967296".'],
  [["--epochs", ""], '--epochs: expected a whole number from 1 to 100000, got "".'],
  [["--save", "digits.keras"], '--save: expected a path that ends in .safetensors, got "digits.keras".'],
  [["--fast"], "Unknown option '--fast'. There are: --help, --conv, --epochs, --seed, --seeds, --save."],
  [["train"], /^Unexpected argument 'train'.* There are: --help/],
  [["--seed"], /^Option '--seed <value>' argument missing\. There are: --help/],
  [["--seeds", "5", "--save", "a.safetensors"], /^--save and --seeds exclude each other: /],
])("%j is refused, and the message says why", (args, message) => {
  const parse = () => parseOptions(args);
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(message);
});

test("help names every option", () => {
  for (const option of ["conv", "epochs", "seed", "seeds", "save", "help"]) expect(USAGE).toContain(`\n  --${option} `);
});

import { expect, test } from "vitest";
import { signalOfInterrupts } from "./interruption.ts";

/** Presses Ctrl-C at these times, in ms; gives whether it aborted and the exit codes so far. */
function pressing(...times: readonly number[]): { aborted: boolean; exits: number[] } {
  let press = (): void => {};
  let time = 0;
  const exits: number[] = [];
  const process = {
    on: (_: "SIGINT", listener: () => void) => {
      press = listener;
    },
    exit: (code: number) => {
      exits.push(code);
    },
  };
  const signal = signalOfInterrupts(process, () => time);
  for (time of times) press();
  return { aborted: signal.aborted, exits };
}

test("nothing happens until Ctrl-C", () => {
  expect(pressing()).toEqual({ aborted: false, exits: [] });
});

test("the first Ctrl-C aborts, and a second ends the process as a shell reports it", () => {
  expect(pressing(1000)).toEqual({ aborted: true, exits: [] });
  expect(pressing(1000, 1300)).toEqual({ aborted: true, exits: [130] });
});

test("npm forwards the same Ctrl-C: that is not a second one", () => {
  expect(pressing(1000, 1004)).toEqual({ aborted: true, exits: [] });
  expect(pressing(1000, 1004, 1600)).toEqual({ aborted: true, exits: [130] });
});

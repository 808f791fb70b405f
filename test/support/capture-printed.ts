import { vi } from "vitest";

interface Process {
  readonly stdout: { write(part: string): boolean };
}

/** From here on what the library prints is kept, until mocks are restored. In a page lines go to the console. */
export function capturePrinted(): () => string {
  let text = "";
  const keep = (part: string): true => {
    text += part;
    return true;
  };
  const { process } = globalThis as { process?: Process };
  if (process === undefined) vi.spyOn(console, "log").mockImplementation((line) => void keep(`${line}\n`));
  else vi.spyOn(process.stdout, "write").mockImplementation(keep);
  return () => text;
}

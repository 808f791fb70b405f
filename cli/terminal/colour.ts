/**
 * Whether to write colours to `stream`: only to a terminal that has them, and never when NO_COLOR is set to anything
 * (no-color.org).
 */
export function wantsColour(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
}

const RESET = "\x1b[0m";

export function red(text: string): string {
  return `\x1b[31m${text}${RESET}`;
}

/** A grey level 0 to 255 as one of the 26 greys of the 256 colours: 16 is black, 232 to 255 rise, 231 is white. */
export function greyColour(grey: number): number {
  const step = Math.round((clampGrey(grey) / 255) * 25);
  if (step === 0) return 16;
  return step === 25 ? 231 : 231 + step;
}

/** `text` with a foreground and a background out of the 256 colours. */
export function coloured(text: string, foreground: number, background: number): string {
  return `\x1b[38;5;${foreground};48;5;${background}m${text}${RESET}`;
}

export function clampGrey(grey: number): number {
  return Math.min(255, Math.max(0, grey));
}

/** What stands between ``` and ``` in a page. */
export interface Block {
  readonly language: string;
  /** What follows the language: a stage, a file, or nothing. */
  readonly label: string;
  readonly text: string;
}

const FENCE = /^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm;

export function blocksOf(page: string): Block[] {
  return [...page.matchAll(FENCE)].map(([, language, label, text]) => ({ language, label, text }));
}

/** The page with other texts in its blocks. */
export function withTexts(page: string, texts: readonly string[]): string {
  let at = 0;
  return page.replace(FENCE, (_, language: string, label: string) => {
    return `\`\`\`${language}${label && ` ${label}`}\n${texts[at++]}\`\`\``;
  });
}

// Control characters, which no program prints.
const MARK = "\u0001 block ";
const STAGE = "\u0002 stage ";

/** The page's unlabelled ts blocks as one program, which says in its output where each begins; then `epilogue`. */
export function programOf(blocks: readonly Block[], epilogue = ""): string {
  const parts = blocks.flatMap((block, at) =>
    isProgram(block) ? [`console.log(${JSON.stringify(MARK + at)});\n${block.text}`] : [],
  );
  return [...parts, epilogue].join("\n");
}

export function isProgram({ language, label }: Block): boolean {
  return language === "ts" && label === "";
}

/** What each part of a program printed, by the number of its block. */
export function outputsOf(output: string): ReadonlyMap<number, string> {
  const [printed] = output.split(STAGE);
  const parts = printed.split(MARK).slice(1);
  return new Map(parts.map((part) => [Number.parseInt(part, 10), part.slice(part.indexOf("\n") + 1)]));
}

/** Prints a stage for `stagesOf` to find. */
export function printStage(name: string, text: string): void {
  console.log(`${STAGE}${name}\n${text}`);
}

export function stagesOf(output: string): ReadonlyMap<string, string> {
  const parts = output.split(STAGE).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf("\n")), part.slice(part.indexOf("\n") + 1)]));
}

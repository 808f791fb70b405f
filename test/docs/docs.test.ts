import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleProgram } from "../support/bundle-program.ts";
import { type Block, blocksOf, isProgram, outputsOf, programOf, stagesOf, withTexts } from "./page.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGES = [
  "README.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** What a page's program is followed by, to show what no user sees. */
const EPILOGUES: Readonly<Record<string, string>> = {
  "docs/how-a-step-runs.md": 'import { printStages } from "./test/docs/stages.ts";\nprintStages(step, [x, y], net);',
};
/** Pages whose program is an example too, for people to run. */
const EXAMPLES: Readonly<Record<string, string>> = { "README.md": "examples/train-and-predict/main.ts" };

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gradwise-docs-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a program prints; it fails when the program does. */
async function outputOf(entry: string | { readonly code: string }): Promise<string> {
  const own = await mkdtemp(join(folder, "program-"));
  const program = await bundleProgram(own, entry);
  // A page shows the digits that every machine prints.
  const env = { ...process.env, GRADWISE_PROFILE: "exact" };
  return (await promisify(execFile)(process.execPath, [program], { cwd: own, env })).stdout;
}

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** The part of the main job's output that a page shows: drawn digits, and the end. */
function mainJobEnding(output: string): string {
  return output.slice(output.search(/^\d+ of \d+ test digits/m));
}

/** A block's text as it should be. */
type Expected = (block: Block, at: number) => string | Promise<string>;

function expectedTexts(path: string, blocks: readonly Block[], output: string): Expected {
  const outputs = outputsOf(output);
  const stages = stagesOf(output);
  return async ({ language, label, text }, at) => {
    if (language === "ts" && label !== "") return read(label);
    if (language !== "text") return text;
    if (label === "npm start") return mainJobEnding(await outputOf("cli/main.ts"));
    if (label !== "") {
      const stage = stages.get(label);
      if (stage === undefined) throw new Error(`${path}: no stage is called "${label}".`);
      return stage;
    }
    if (at === 0 || !isProgram(blocks[at - 1])) throw new Error(`${path}: block ${at} is the output of nothing.`);
    return outputs.get(at - 1) ?? "";
  };
}

describe.each(PAGES)("%s", (path) => {
  const page = read(path);
  const blocks = blocksOf(page);

  // A page without code may be another test's to write.
  if (blocks.length > 0)
    test("its code runs, and prints what the page says", { timeout: 60_000 }, async () => {
      const isRun = blocks.some(isProgram);
      const output = isRun ? await outputOf({ code: programOf(blocks, EPILOGUES[path]) }) : "";
      const expected = expectedTexts(path, blocks, output);
      const texts: string[] = [];
      for (const [at, block] of blocks.entries()) texts.push(await expected(block, at));
      // `npm test -- -u test/docs` writes the page anew.
      await expect(withTexts(page, texts)).toMatchFileSnapshot(join(ROOT, path));
      if (!isRun) return;
      const silent = [...outputsOf(output)].filter(([at, text]) => text !== "" && blocks[at + 1]?.language !== "text");
      expect(silent.map(([at]) => blocks[at].text)).toEqual([]);
    });

  test("its links lead somewhere, and its commands exist", () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, target]) => target);
    expect(links.filter((target) => !existsSync(join(ROOT, dirname(path), target)))).toEqual([]);
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = [...page.matchAll(/(?:^|`)npm (?:run )?([a-z:]+)/gm)].map(([, name]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    const examples = [...page.matchAll(/npm run example -- ([a-z-]+)/g)].map(([, name]) => name);
    expect(examples.filter((name) => !existsSync(join(ROOT, "examples", name, "main.ts")))).toEqual([]);
  });

  const example = EXAMPLES[path];
  if (example === undefined) return;
  test("its program is the example", () => {
    expect(blocks.filter(isProgram).map(({ text }) => text)).toEqual([read(example)]);
  });
});

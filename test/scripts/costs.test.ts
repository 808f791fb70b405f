import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bundleSize, checkBundleSize } from "../../scripts/checks/bundle-size.mjs";
import { checkTypeCost } from "../../scripts/checks/type-cost.mjs";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gradwise-costs-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

// Text that gzip cannot shrink below about half.
const noise = (length: number) => Array.from({ length }, (_, i) => ((i * 2654435761) >>> 0).toString(36)).join("");

describe("bundle size", () => {
  test("counts static imports, not lazy ones", async () => {
    write({
      "node_modules/gradwise/package.json": '{ "name": "gradwise", "type": "module", "exports": "./index.js" }',
      "node_modules/gradwise/index.js":
        'export { big } from "./big.js"; export const lazy = () => import("./lazy.js");',
      "node_modules/gradwise/big.js": `export const big = "${noise(2000)}";`,
      "node_modules/gradwise/lazy.js": `export const rest = "${noise(20_000)}";`,
    });
    const { bytes, largest } = await bundleSize('import * as g from "gradwise"; console.log(g.big, g.lazy);', root);
    expect(bytes).toBeGreaterThan(3000);
    expect(bytes).toBeLessThan(20_000);
    expect(largest[0]?.[0]).toContain("big.js");
  });

  test("fails above its budget and names the largest modules", async () => {
    const program = `console.log("${noise(500)}")`;
    expect((await checkBundleSize(program, 10_000, root)).problems).toEqual([]);
    const [problem] = (await checkBundleSize(program, 100, root)).problems;
    expect(problem?.want).toBe("at most 100");
    expect(problem?.todo).toContain("page.js");
  });
});

describe("type cost", () => {
  const config =
    '{ "compilerOptions": { "strict": true, "noEmit": true, "skipLibCheck": true, "types": [], "lib": ["ES5"] } }';
  const count = "type Count<N extends number, T extends 0[] = []> = T['length'] extends N ? T : Count<N, [...T, 0]>;";

  test("is not judged until a program states a budget", () => {
    expect(checkTypeCost(root).skipped).toBe(true);
  });

  test("counts instantiations beyond the baseline", () => {
    const program = (budget: number) =>
      `// instantiations: ${budget}\n${count}\nexport const n: Count<300>["length"] = 300;\n`;
    write({ "tsconfig.base.json": config, "test/types/baseline.ts": "export {};" });
    write({ "test/types/many.ts": program(100_000) });
    expect(checkTypeCost(root).problems).toEqual([]);
    write({ "test/types/many.ts": program(200) });
    expect(checkTypeCost(root).problems[0]).toMatchObject({ file: "test/types/many.ts", want: "at most 200" });
  });

  test("a program that does not compile fails with its line", () => {
    write({ "tsconfig.base.json": config, "test/types/baseline.ts": "export {};" });
    write({ "test/types/bad.ts": "// instantiations: 9\nexport const n: string = 1;\n" });
    expect(checkTypeCost(root).problems[0]).toMatchObject({ file: "test/types/bad.ts", line: 2 });
  });
});

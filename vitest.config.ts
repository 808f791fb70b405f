import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// CI names a file here, to add up the counts of all suites.
const report = process.env["GRADWISE_REPORT"];

const config: ViteUserConfig = defineConfig({
  resolve: {
    alias: [
      { find: "#platform", replacement: at("./src/platform/node.ts") },
      { find: /^gradwise$/, replacement: at("./src/index.ts") },
      { find: /^@gradwise\/datasets$/, replacement: at("./datasets/src/index.ts") },
    ],
  },
  test: {
    testTimeout: 20_000,
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          pool: "threads",
          include: ["{src,cli,datasets,test}/**/*.test.ts"],
          exclude: ["**/node_modules/**", "test/browser/**", "**/*.process.test.ts"],
        },
      },
      {
        // What measures its own process (memory, signals): one at a time, after the others, with gc() at hand.
        extends: true,
        test: {
          name: "process",
          pool: "forks",
          // V8's young generation would go on growing for a while, in Node 26 by 40 MB: memory tests ask what is kept.
          execArgv: ["--expose-gc", "--max-semi-space-size=2"],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          include: ["{src,cli,datasets,test}/**/*.process.test.ts"],
          exclude: ["**/node_modules/**", "test/browser/**"],
        },
      },
    ],
  },
});

export default config;

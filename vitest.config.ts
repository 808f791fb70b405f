import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: "#platform", replacement: at("./src/platform/node.ts") },
      { find: /^gradwise$/, replacement: at("./src/index.ts") },
      { find: /^@gradwise\/datasets$/, replacement: at("./datasets/src/index.ts") },
    ],
  },
  test: {
    pool: "threads",
    include: ["{src,cli,datasets,test}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "test/browser/**", "test/types/**"],
    testTimeout: 20_000,
    reporters: ["default"],
  },
});

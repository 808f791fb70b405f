// tested by src/backends/wasm/threads/division.test.ts
/** How calls are divided that do not say it themselves. */
export * from "./divide-loops.ts";
export * from "./divide-matmul.ts";

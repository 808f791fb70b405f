// tested by src/backends/wasm/conv-kernel.test.ts
import type { Node } from "../../graph/node.ts";

/** relu, where it alone reads a product. */
export function onlyRelu(readers: readonly Node[]): Node | null {
  return readers.length === 1 && readers[0].op.name === "relu" ? readers[0] : null;
}

import { DENSE } from "../../cli/digits/dense-network.ts";
import { loadDigitSets } from "../../cli/digits/digit-sets.ts";
import { describeEngine } from "../../src/engine/describe.ts";
import { configure, engine } from "../../src/engine/engine.ts";

// Before anything is computed: only this profile's bits are the same in every engine.
configure({ profile: "exact" });

export interface Trained {
  readonly accuracy: number;
  /** SHA-256 of all weights' bytes. */
  readonly weights: string;
  readonly engine: string;
}

/** The main job's network on the 4,000 digits, for a few epochs with fixed seeds: the same bits wherever it runs. */
export async function trainDigits(epochs: number): Promise<Trained> {
  const { train, test } = await loadDigitSets();
  const net = DENSE.make(3);
  await net.fit(train.x, train.y, { epochs, batchSize: 32, seed: 5, verbose: 0 });
  const { accuracy } = await net.evaluate(test.x, test.y);
  const parts = await Promise.all(net.getWeights().map((weight) => weight.data()));
  const bytes = new Uint8Array(await new Blob(parts.map((part) => Uint8Array.from(bytesOf(part)))).arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const weights = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { accuracy, weights, engine: describeEngine(engine()) };
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

import { DataError, ValueError } from "../core/errors.ts";
import type { Samples } from "./feed.ts";
import type { Data } from "./model-types.ts";
import { checkedSamples, dataTensor } from "./samples.ts";

/** One batch of an iterable. */
export interface SampleBatch {
  readonly x: Data;
  readonly y: Data;
  readonly sampleWeight?: Data;
}

/** Batches one after the other; a function makes them anew for each epoch. */
export type SampleStream =
  | (() => Iterable<SampleBatch> | AsyncIterable<SampleBatch>)
  | Iterable<SampleBatch>
  | AsyncIterable<SampleBatch>;

/** Whether data come batch by batch: an iterable that is no array and no tensor, or a function. */
export function isStream(x: unknown): x is SampleStream {
  if (typeof x === "function") return true;
  if (x === null || typeof x !== "object" || ArrayBuffer.isView(x)) return false;
  if (Symbol.asyncIterator in x) return true;
  if (Array.isArray(x)) return x.length > 0 && isBatch(x[0]);
  return Symbol.iterator in x;
}

function isBatch(x: unknown): x is SampleBatch {
  return x !== null && typeof x === "object" && "x" in x && "y" in x;
}

/** The stream's batches as checked samples. */
export async function* streamed(where: string, stream: SampleStream): AsyncGenerator<Samples, undefined> {
  const batches = typeof stream === "function" ? stream() : stream;
  let at = 0;
  for await (const batch of batches) {
    if (!isBatch(batch)) throw new ValueError(`${where}: batch ${at} is not { x, y, sampleWeight? }.`);
    const weight = batch.sampleWeight === undefined ? null : dataTensor(batch.sampleWeight);
    try {
      yield checkedSamples(where, dataTensor(batch.x), dataTensor(batch.y), weight);
    } catch (error) {
      if (error instanceof DataError) throw new DataError(`${error.message} (batch ${at} of the iterable)`);
      throw error;
    }
    at++;
  }
  return undefined;
}

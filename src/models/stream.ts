import { ValueError } from "../core/errors.ts";
import type { Samples } from "./feed.ts";
import type { Data } from "./model-types.ts";
import { checkedSamples } from "./samples.ts";

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
  if (!isIterable(batches)) {
    throw new ValueError(
      `${where}: expected a function that makes an iterable of { x, y }, got one that returns ${typeof batches}. Write fit(function* () { yield { x, y }; }).`,
    );
  }
  let at = 0;
  for await (const batch of batches) {
    if (!isBatch(batch))
      throw new ValueError(`${where}: batch ${at} is no { x, y, sampleWeight? }. Yield an object for each batch.`);
    yield checkedSamples(`${where}, batch ${at}`, batch);
    at++;
  }
  return undefined;
}

/** A stream whose first item was taken before; leaving it early closes the rest. */
export async function* resumed<T>(first: T, rest: AsyncGenerator<T, undefined>): AsyncGenerator<T, undefined> {
  yield first;
  yield* rest;
  return undefined;
}

function isIterable(x: unknown): boolean {
  return typeof x === "object" && x !== null && (Symbol.iterator in x || Symbol.asyncIterator in x);
}

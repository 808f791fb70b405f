// tested by test/conformance/threads.test.ts
import { InternalError } from "../../../core/errors.ts";
import type * as inParts from "./in-parts.ts";

export type Threading = typeof inParts;

let installed: Threading | null = null;

/** From now on graphs are lowered to calls that threads share, where there are threads. */
export function installThreading(threading: Threading): void {
  installed = threading;
}

export function isThreadingInstalled(): boolean {
  return installed !== null;
}

/** What shares calls; there wherever a call is shared. */
export function threading(): Threading {
  if (installed === null) throw new InternalError("a call was shared before engine/threads.ts loaded what shares it");
  return installed;
}

// tested by test/browser/platform.test.ts
import { FormatError } from "../core/errors.ts";
import type { Platform } from "./platform.ts";

/** A page cannot write where it likes: the browser's download does it, and is atomic in its own way. */
export const writeFileAtomic: Platform["writeFileAtomic"] = async (path, chunks) => {
  if (typeof document === "undefined") {
    throw new FormatError(
      `cannot write "${path}": a worker has no files and no downloads. Take the bytes with model.toBytes() and post them to the page.`,
    );
  }
  const parts = chunks instanceof Uint8Array ? [chunks] : chunks;
  // Copies, since a Blob takes no shared memory.
  const blob = new Blob(
    parts.map((part) => new Uint8Array(part)),
    { type: "application/octet-stream" },
  );
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = path.slice(path.lastIndexOf("/") + 1);
  anchor.click();
  // The download starts in a later task, and needs the address until then.
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
};

export const readFile: Platform["readFile"] = async (path) => {
  let response: Response;
  try {
    response = await fetch(path);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(`cannot read "${path}": ${reason}. Check the address, the network and CORS.`, {
      cause: error,
    });
  }
  throw new FormatError(
    `cannot read "${path}": the server answered ${response.status} ${response.statusText}. Check the address.`,
  );
};

// tested by src/platform/platform.test.ts
import { constants, type Stats } from "node:fs";
import { access, type FileHandle, open, readdir, realpath, rename, stat, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import process from "node:process";
import { FormatError } from "../core/errors.ts";
import type { Platform } from "./platform.ts";

/** Bytes per call: a system call takes less than 2 GiB, and smaller pieces leave the event loop free. */
const PIECE = 2 ** 26;

/**
 * Temporary file, sync, rename, sync of the directory: a rename is atomic, and the sync before it keeps a power cut
 * from leaving a new name over blocks that were never written.
 */
export const writeFileAtomic: Platform["writeFileAtomic"] = async (path, chunks) => {
  const before = await statOrNull(path, "write");
  if (before !== null && !before.isFile()) {
    throw new FormatError(`cannot write "${path}": it is not a regular file. Choose another path.`);
  }
  let target = resolve(path);
  try {
    if (before !== null) {
      await access(path, constants.W_OK); // a rename would replace a read-only file too
      target = await realpath(path); // and a link by a file
    }
    await replace(target, chunks instanceof Uint8Array ? [chunks] : chunks, before);
  } catch (error) {
    throw fileError("write", path, error, " A file that was there is unchanged.");
  }
  try {
    await syncDirectory(dirname(target));
  } catch (error) {
    throw fileError("write", path, error, " The new file is there, but a power cut may still lose it.");
  }
  await removeStale(target);
};

async function replace(target: string, chunks: readonly Uint8Array[], before: Stats | null): Promise<void> {
  const temporary = join(dirname(target), temporaryName(target));
  const handle = await open(temporary, "wx");
  try {
    if (before !== null) await handle.chmod(before.mode & 0o7777);
    for (const chunk of chunks) await writeAll(handle, chunk);
    await handle.sync();
    await handle.close();
    await rename(temporary, target);
  } catch (error) {
    // Best effort: the first failure is the one to report.
    await handle.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

export const readFile: Platform["readFile"] = async (path) => {
  const found = await statOrNull(path, "read");
  if (found === null) {
    const advice = "Check the path, or save the file first.";
    throw new FormatError(`cannot read "${path}": there is no such file (${resolve(path)}). ${advice}`);
  }
  if (!found.isFile()) throw new FormatError(`cannot read "${path}": it is not a regular file. Name a file.`);
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    return await readAll(handle, found.size);
  } catch (error) {
    throw fileError("read", path, error);
  } finally {
    await handle?.close();
  }
};

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    at += (await handle.write(chunk, at, Math.min(PIECE, chunk.length - at))).bytesWritten;
  }
}

/** node:fs's own readFile refuses files over 2 GiB. */
async function readAll(handle: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(PIECE, size - at));
    if (bytesRead === 0) break; // it became shorter meanwhile
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}

/** Some systems cannot sync a directory (Windows, some network mounts); there a rename is as safe as they make it. */
async function syncDirectory(directory: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(directory, "r");
    await handle.sync();
  } catch (error) {
    if (!["EACCES", "EBADF", "EINVAL", "EISDIR", "ENOTSUP", "EPERM"].includes(codeOf(error))) throw error;
  } finally {
    await handle?.close();
  }
}

/** Host names differ where a directory is shared, and one host's process ids mean nothing on another. */
function temporaryPrefix(target: string): string {
  return `.${basename(target).slice(0, 40)}.${hostname().slice(0, 20)}-`;
}

function temporaryName(target: string): string {
  return `${temporaryPrefix(target)}${process.pid}-${crypto.getRandomValues(new Uint32Array(1))[0].toString(16)}.tmp`;
}

/** Removes what killed saves of this file left behind; failing to is no reason to fail a save that is done. */
async function removeStale(target: string): Promise<void> {
  const directory = dirname(target);
  const prefix = temporaryPrefix(target);
  try {
    for (const name of await readdir(directory)) {
      const writer = name.startsWith(prefix) ? /^(\d+)-[0-9a-f]+\.tmp$/.exec(name.slice(prefix.length)) : null;
      if (writer !== null && (await isStale(join(directory, name), Number(writer[1])))) {
        await unlink(join(directory, name));
      }
    }
  } catch {
    // Another process may be removing the same files.
  }
}

/** A dead writer, or one of an earlier life: in a container the same process id comes back at each start. */
async function isStale(temporary: string, pid: number): Promise<boolean> {
  if (pid === process.pid) return (await stat(temporary)).mtimeMs < Date.now() - 1000 * process.uptime();
  try {
    process.kill(pid, 0); // signal 0 only asks whether the process exists
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}

async function statOrNull(path: string, verb: "read" | "write"): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw fileError(verb, path, error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied. Choose a path that you may use, or change its permissions.",
  EDQUOT: "the disk quota is used up. Free some space, or choose another disk.",
  EISDIR: "it is a directory. Name a file.",
  ENAMETOOLONG: "the name is too long. Choose a shorter one.",
  ENOENT: "there is no such directory. Create it first.",
  ENOSPC: "the disk is full. Free some space, or choose another disk.",
  ENOTDIR: "a part of the path is not a directory. Check the path.",
  EPERM: "the system does not permit it. Choose another path.",
  EROFS: "the disk is read-only. Choose another disk.",
};

function fileError(verb: "read" | "write", path: string, error: unknown, state = ""): FormatError {
  const reason = REASONS[codeOf(error)] ?? `${error instanceof Error ? error.message : String(error)}.`;
  return new FormatError(`cannot ${verb} "${path}": ${reason}${state}`, { cause: error });
}

import { FormatError } from "../core/errors.ts";
import { quote } from "./quote.ts";

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Deeper than any network's configuration, and shallow enough for code that recurses. */
const MAX_DEPTH = 256;
/** Ten times what a model of 10,000 arrays has; ten bytes of text can become 300 of memory. */
const MAX_VALUES = 1e6;

/**
 * The value of a JSON text from a file of unknown origin. Besides what JSON.parse refuses, it refuses two entries of
 * one name (which JSON.parse hides, and other readers may resolve differently), "__proto__", and depth or numbers of
 * values that would exhaust the memory. `where` starts the message.
 */
export function parseJson(text: string, where: string): Json {
  assertTame(text, where);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(`${where} is not JSON: ${quote(reason)}. Save or download the file again.`, { cause: error });
  }
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Walks the tokens only; a text that is no JSON gets through to JSON.parse, which says where it breaks. */
function assertTame(text: string, where: string): void {
  const token = /["{}[\],:]/g;
  const open: (Set<string> | null)[] = []; // the keys of the objects around this place; null is a list
  let values = 0;
  let key = "";
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const symbol = found[0];
    if (symbol === '"') {
      const end = endOfString(text, found.index + 1);
      if (end < 0) return;
      token.lastIndex = end;
      key = text.slice(found.index, end);
    } else if (symbol === ":") {
      addKey(open[open.length - 1] ?? new Set(), key, where);
    } else if (symbol === "}" || symbol === "]") {
      open.pop();
    } else {
      if (++values > MAX_VALUES) throw new FormatError(`${where} holds more than ${MAX_VALUES} values. ${SUSPECT}`);
      if (symbol === ",") continue;
      open.push(symbol === "{" ? new Set() : null);
      if (open.length > MAX_DEPTH) throw new FormatError(`${where} is nested deeper than ${MAX_DEPTH}. ${SUSPECT}`);
    }
  }
}

const SUSPECT = "gradwise writes no such file: do not trust where it comes from.";

/** The place after the closing quote of a string whose first character is at `from`; -1 if it does not end. */
function endOfString(text: string, from: number): number {
  let quoteAt = text.indexOf('"', from);
  while (quoteAt >= 0) {
    let backslashes = 0;
    while (text[quoteAt - 1 - backslashes] === "\\" && quoteAt - 1 - backslashes >= from) backslashes++;
    if (backslashes % 2 === 0) return quoteAt + 1;
    quoteAt = text.indexOf('"', quoteAt + 1);
  }
  return -1;
}

function addKey(keys: Set<string>, literal: string, where: string): void {
  const key = unescaped(literal);
  if (key === "__proto__") throw new FormatError(`${where} has an entry "__proto__". ${SUSPECT}`);
  if (keys.has(key)) throw new FormatError(`${where} has two entries ${quote(key)}. ${SUSPECT}`);
  keys.add(key);
}

/** Two spellings of one key, "a" and "\u0061", are duplicates too. */
function unescaped(literal: string): string {
  if (!literal.includes("\\")) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal; // JSON.parse of the whole will say so
  }
}

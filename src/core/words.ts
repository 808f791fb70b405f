import { lookUp } from "./errors.ts";

/** "dense", "leaky_re_lu", "rm_sprop": the name that Keras derives from a class. */
export function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** The letters and digits alone, in lower case: what a word's spellings in Python and TypeScript share. */
function plain(name: string): string {
  return name.replace(/[^a-zA-Z0-9]/g, "").toLowerCase();
}

/** The entry of a table by any spelling of its name: glorotUniform, glorot_uniform or GlorotUniform. */
export function lookUpWord<T>(what: string, name: string, table: Readonly<Record<string, T>>): T {
  if (typeof name === "string" && !Object.hasOwn(table, name)) {
    const key = Object.keys(table).find((known) => plain(known) === plain(name));
    if (key !== undefined) return table[key];
  }
  return lookUp(what, name, table);
}

/** dense, dense_1, flatten: Keras's names of the items of a list in its files, numbered by class. */
export function numberedByClass(items: readonly { readonly className: string }[]): string[] {
  const counts = new Map<string, number>();
  return items.map(({ className }) => {
    const base = snakeCase(className);
    const n = counts.get(base) ?? 0;
    counts.set(base, n + 1);
    return n === 0 ? base : `${base}_${n}`;
  });
}

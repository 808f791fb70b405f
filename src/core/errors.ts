/**
 * Every error that gradwise throws is a GradwiseError. Its message says what failed and where, what it got,
 * what it expected, and what to do.
 */
export class GradwiseError extends Error {
  override readonly name: string = "GradwiseError";
}

/** Shapes, ranks or axes that do not fit. */
export class ShapeError extends GradwiseError {
  override readonly name: string = "ShapeError";
}

/** A dtype that an operation or layer does not take. */
export class DTypeError extends GradwiseError {
  override readonly name: string = "DTypeError";
}

/** An argument outside its range, or an unknown name. */
export class ValueError extends GradwiseError {
  override readonly name: string = "ValueError";
}

/** Training data that cannot be learned from: NaN, labels outside the classes, unequal lengths. */
export class DataError extends GradwiseError {
  override readonly name: string = "DataError";
}

/** Something that a traced function must not do, such as reading a value that does not exist yet. */
export class TraceError extends GradwiseError {
  override readonly name: string = "TraceError";
}

/** A call that comes too early or too late: predict before build, a second fit while one runs. */
export class StateError extends GradwiseError {
  override readonly name: string = "StateError";
}

/** A plan that does not fit the heap. */
export class MemoryError extends GradwiseError {
  override readonly name: string = "MemoryError";
}

/** A file that cannot be read or written as the format says. */
export class FormatError extends GradwiseError {
  override readonly name: string = "FormatError";
}

/** A worker thread that failed in the middle of its work. */
export class ThreadError extends GradwiseError {
  override readonly name: string = "ThreadError";
}

/** A broken promise inside gradwise: please report it. */
export class InternalError extends GradwiseError {
  override readonly name: string = "InternalError";
}

/** `"relu", "tanh" or "gelu"`: a list as a sentence has it. */
export function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  if (quoted.length < 2) return quoted.join("");
  return `${quoted.slice(0, -1).join(", ")} or ${quoted[quoted.length - 1]}`;
}

/** The entry of a table by its name, or a ValueError that lists the names and the closest one. */
export function lookUp<T>(what: string, name: string, table: Readonly<Record<string, T>>): T {
  if (Object.hasOwn(table, name)) return table[name] as T;
  const names = Object.keys(table);
  const close = names.find((known) => known.toLowerCase() === name.toLowerCase().replaceAll("_", ""));
  const hint = close === undefined ? `Use ${listed(names)}.` : `Did you mean "${close}"?`;
  throw new ValueError(`unknown ${what} ${JSON.stringify(name)}. ${hint}`);
}

import type { Any } from "../core/shape-types.ts";

/** The dtype of an op that computes in floats: ints and bools become floatx, which only the run knows. */
export type Floated<D> = [D] extends [never] ? Any : [D] extends ["float32" | "float64"] ? D : Any;

/** The dtype of an op that computes in numbers: a bool counts as an int32. */
export type Numbered<D> = [D] extends [never] ? Any : D extends "bool" ? "int32" : D;

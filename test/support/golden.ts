import { readFileSync } from "node:fs";
import type { DType } from "../../src/core/dtype.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { tensor } from "../../src/ops/tensor.ts";

/** An array as test/golden/*.py write it: JSON has no NaN and no infinity, so these are strings. */
export interface Listed {
  readonly shape: readonly number[];
  readonly values: readonly (number | string)[];
}

export interface Golden<Case> {
  readonly versions: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
}

/** The cases of test/golden/data/NAME.json. */
export function readGolden<Case>(name: string): Golden<Case> {
  const text = readFileSync(new URL(`../golden/data/${name}.json`, import.meta.url), "utf8");
  return JSON.parse(text) as Golden<Case>;
}

const SPECIAL: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, "-inf": -Infinity };

export function numbersOf({ values }: Listed): number[] {
  return values.map((value) => (typeof value === "string" ? SPECIAL[value] : value) as number);
}

export function tensorOf(listed: Listed, dtype: DType = "float32"): Tensor {
  return tensor(numbersOf(listed), { shape: listed.shape, dtype });
}

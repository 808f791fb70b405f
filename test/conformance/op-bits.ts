import type { TypedArray } from "../../src/core/dtype.ts";
import { Engine, withEngine } from "../../src/engine/engine.ts";
import { valueAndGrad } from "../../src/engine/gradients.ts";
import { tensor } from "../../src/ops/tensor.ts";
import { hashBits } from "../support/hash-bits.ts";
import { weighted } from "./expect-directions.ts";
import { OP_CASES } from "./op-cases/index.ts";
import { FLOATS, listOf, type OpTest, runsOf, smoothRuns } from "./test-op.ts";

/** By op, a hash of what profile exact computes on a new engine. */
export function opBits(): Record<string, string> {
  return withEngine(new Engine({ profile: "exact" }), () =>
    Object.fromEntries(Object.entries(OP_CASES).map(([name, test]) => [name, bitsOf(name, test)])),
  );
}

/** Of all an op's results: of extremes, shapes and examples in every dtype that it takes, and its gradients. */
function bitsOf(name: string, test: OpTest): string {
  const results: TypedArray[] = [];
  for (const dtype of test.dtypes ?? FLOATS) {
    for (const { inputs, apply } of runsOf(name, test, dtype)) results.push(...apply(inputs).map((y) => y.dataSync()));
  }
  for (const { given, dtype = "float32", apply } of test.examples ?? []) {
    const inputs = given.map((x) => tensor(x as number[], { dtype }));
    results.push(...listOf(apply(...inputs)).map((y) => y.dataSync()));
  }
  for (const dtype of test.gradient === true ? FLOATS : []) {
    for (const { inputs, apply } of smoothRuns(test, dtype)) {
      const { gradients } = valueAndGrad(weighted(apply))(...inputs);
      results.push(...gradients.flatMap((dx) => (dx === null ? [] : [dx.dataSync()])));
    }
  }
  return hashBits(results);
}

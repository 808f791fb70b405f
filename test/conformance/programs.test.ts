import fc from "fast-check";
import { describe, it } from "vitest";
import { compile } from "../../src/engine/compile.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { Variable } from "../../src/graph/variable.ts";
import { tensor } from "../../src/ops/tensor.ts";
import { expectNear, expectSameBits, type Values, valuesOf } from "../support/compare.ts";
import { FAST_ENGINES, REFERENCE, type TestEngine } from "../support/engines.ts";
import { arbitraryProgram, type RandomProgram, runRandomProgram } from "../support/random-programs.ts";

const INPUTS = [[3, 5], [5], [], [3, 5], [2, 3, 5], [17], [4, 4], [1, 5], [0, 3], [3, 33]];
const VARIABLES = [[3, 5], [3, 5], [5], [5], [], [4, 4], [3, 5]];

function waves(shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => 2 * Math.sin(seed * 1.7 + i * 0.9)),
    { shape },
  );
}

/** Two steps of the program, each with its outputs, then what the variables hold. */
function run(engine: TestEngine, program: RandomProgram, compiled: boolean): Values[] {
  return engine.use(() => {
    const inputs = INPUTS.map((shape, i) => waves(shape, i));
    const variables = VARIABLES.map((shape, i) => new Variable(waves(shape, 20 + i), { name: `v${i}` }));
    const body = (...xs: Tensor[]): Tensor[] => runRandomProgram(program, xs, variables);
    const step = compiled ? compile(body) : body;
    const results = [...step(...inputs), ...step(...inputs)];
    return [...results, ...variables.map((v) => v.read())].map(valuesOf);
  });
}

function compare(
  got: readonly Values[],
  want: readonly Values[],
  compareOne: (a: Values, b: Values, what: string) => void,
): void {
  got.forEach((x, i) => {
    compareOne(x, want[i] as Values, `result ${i} of ${got.length}`);
  });
}

const RUNS = 150;
const LENGTH = 18;
const FIXED = 20240607;
// A failure prints the seed with which it can be repeated.
const chosen = Date.now() % 2 ** 31;

describe("random programs", () => {
  for (const seed of [FIXED, chosen]) {
    for (const engine of FAST_ENGINES) {
      it(`compiled, give the bits of eager ops on ${engine.name} (seed ${seed})`, () => {
        const property = fc.property(arbitraryProgram(LENGTH), (program) => {
          compare(run(engine, program, true), run(engine, program, false), expectSameBits);
        });
        fc.assert(property, { seed, numRuns: engine === FAST_ENGINES[0] ? RUNS : RUNS / 3 });
      });
    }

    it(`give the values of the reference (seed ${seed})`, () => {
      const [engine] = FAST_ENGINES as [TestEngine];
      const property = fc.property(arbitraryProgram(LENGTH), (program) => {
        compare(run(engine, program, true), run(REFERENCE, program, false), (a, b, what) => {
          expectNear(a, b, 2e-4, what);
        });
      });
      fc.assert(property, { seed: seed + 1, numRuns: RUNS / 2 });
    });
  }
});

import { describe, expect, it } from "vitest";
import "../../src/engine/eager.ts";
import { installConvolutions } from "../../src/engine/convolve.ts";
import { sparseCategoricalCrossentropy } from "../../src/losses/index.ts";
import { tensor } from "../../src/ops/tensor.ts";
import { type DeepCase, resnet, transformer } from "../support/deep-models.ts";
import { type CompiledModule, watchModules } from "../support/watch-modules.ts";

installConvolutions();

const BATCH = 2;
const MINUTE = 60_000;
const MEGABYTE = 1e6;

/** Takes one training step, and gives the module of its program: the largest that was compiled. */
async function trainingStep({ inputShape, build }: DeepCase): Promise<CompiledModule> {
  const size = inputShape.reduce((a, b) => a * b, BATCH);
  const waves = Float32Array.from({ length: size }, (_, i) => Math.sin(i * 0.7));
  const x = tensor(waves, { shape: [BATCH, ...inputShape] });
  const [program] = await watchModules(async () => {
    const net = build();
    net.compile({ optimizer: "adam", loss: sparseCategoricalCrossentropy({ fromLogits: true }) });
    const { history } = await net.fit(x as never, tensor(new Int32Array(BATCH)) as never, { epochs: 1, verbose: 0 });
    const [loss] = history["loss"] as number[];
    expect(loss).toBeGreaterThan(0);
    expect(loss).toBeLessThan(20);
  });
  return program as CompiledModule;
}

describe("deep networks", () => {
  const cases: [string, DeepCase, DeepCase][] = [
    ["ResNet-50", resnet([2, 2, 2, 2]), resnet([3, 4, 6, 3])],
    ["a transformer of 12 blocks", transformer(3), transformer(12)],
  ];
  for (const [name, shallow, deep] of cases) {
    it(
      `take a step of ${name}, in the functions of a shallow one and a fraction of a megabyte`,
      async () => {
        const [few, many] = [await trainingStep(shallow), await trainingStep(deep)];
        expect(many.functions).toBe(few.functions);
        expect(many.bytes).toBeLessThan(MEGABYTE / 4);
      },
      2 * MINUTE,
    );
  }
});

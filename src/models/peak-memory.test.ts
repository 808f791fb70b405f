import { expect, it, vi } from "vitest";
import { freshGradwise } from "../../test/support/fresh-gradwise.ts";

it("training a convolutional network takes at most 1.5 times its plan: arena, weights, moments and data", async () => {
  const { layers, sequential, tensor } = await freshGradwise({});
  const { Program } = await import("../engine/program.ts");
  const { engine } = await import("../engine/engine.ts");
  const arenas: number[] = [];
  const bind = vi.spyOn(Program.prototype, "bind").mockImplementation(function (this: InstanceType<typeof Program>) {
    arenas.push(this.peakBytes);
    bind.mockRestore();
    return this.bind();
  });
  const [rows, batchSize] = [256, 64];
  const model = sequential(
    [
      layers.conv2d({ filters: 32, kernelSize: 3, activation: "relu", inputShape: [28, 28, 1] }),
      layers.maxPooling2d(),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: "relu" }),
      layers.maxPooling2d(),
      layers.flatten(),
      layers.dense({ units: 128, activation: "relu" }),
      layers.dense({ units: 10, activation: "softmax" }),
    ],
    { seed: 1 },
  );
  model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
  const x = tensor(new Float32Array(rows * 784).fill(0.5), { shape: [rows, 28, 28, 1] });
  await model.fit(x, tensor(new Int32Array(rows)), { batchSize, verbose: 0 });
  const weights = 3 * 4 * model.variables.reduce((sum, { size }) => sum + size, 0);
  const plan = (arenas[0] as number) + weights + 4 * x.size + 4 * rows;
  expect(arenas).toHaveLength(1);
  expect(plan).toBeGreaterThan(5e6);
  const { heap } = engine();
  expect(heap.usedBytes).toBeLessThan(1.05 * plan);
  expect(heap.buffer.byteLength).toBeLessThan(1.5 * plan);
});

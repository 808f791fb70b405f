import { expect, it } from "vitest";
import { readGolden } from "../../test/support/golden.ts";
import { layers, sequential, zeros } from "../index.ts";

const { summaries } = readGolden("keras-fit") as unknown as { readonly summaries: Readonly<Record<string, string>> };

it("is Keras's, before and after training", async () => {
  const digits = sequential(
    [
      layers.input({ shape: [784] }),
      layers.dense({ units: 128, activation: "relu", name: "layer1" }),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: 10 }),
    ],
    { name: "digits" },
  );
  expect(digits.summary()).toBe(summaries["digits"]);
  await digits.compile({ optimizer: "adam", loss: "mse" }).fit(zeros([4, 784]), zeros([4, 10]), { verbose: 0 });
  expect(digits.summary()).toBe(summaries["trained"]);
});

it("is Keras's with long names and frozen layers", () => {
  const frozen = sequential(
    [
      layers.flatten({ inputShape: [28, 28, 1] }),
      layers.reshape({ targetShape: [28, 28] }),
      layers.dense({ units: 1500, name: "a_very_long_name_of_a_layer_that_does_not_fit", trainable: false }),
      layers.activation({ activation: "relu" }),
    ],
    { name: "frozen" },
  );
  expect(frozen.summary()).toBe(summaries["frozen"]);
});

it("is Keras's before there are weights", () => {
  const unbuilt = sequential([layers.dense({ units: 3 }), layers.dense({ units: 2 })], { name: "unbuilt" });
  expect(unbuilt.summary()).toBe(summaries["unbuilt"]);
});

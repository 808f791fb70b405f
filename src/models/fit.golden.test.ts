import { beforeAll, describe, expect, it } from "vitest";
import { isNear } from "../../test/support/compare.ts";
import { expectValues } from "../../test/support/expect-values.ts";
import { type Listed, readGolden, tensorOf } from "../../test/support/golden.ts";
import "../engine/eager.ts";
import { configure } from "../engine/engine.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import * as layers from "../layers/index.ts";
import type { ClassWeight } from "./samples.ts";
import { sequential } from "./sequential.ts";

interface Case {
  readonly name: string;
  readonly optimizer: ConfigObject;
  readonly loss: ConfigObject;
  readonly labels: Listed;
  readonly validationLabels: Listed;
  readonly outputs: number;
  readonly activation: string | null;
  readonly sampleWeight: Listed | null;
  readonly classWeight: ClassWeight | null;
  readonly initial: readonly Listed[];
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly final: readonly Listed[];
  readonly evaluate: readonly [loss: number, accuracy: number];
}

const { cases, ...data } = readGolden<Case>("keras-fit");
const { x, xVal } = data as unknown as { readonly x: Listed; readonly xVal: Listed };

/** 15 steps of float32 on either side, in different orders. */
const TOLERANCE = 1e-5;

beforeAll(() => configure({ shared: false }));

describe("a fit of 5 epochs, batch by batch as Keras", () => {
  it.each(cases)("$name", async (golden) => {
    const { labels, validationLabels, sampleWeight, classWeight } = golden;
    const net = sequential([
      layers.dense({ units: 8, activation: "tanh", inputShape: [6] }),
      layers.dense({ units: golden.outputs, activation: golden.activation }),
    ]);
    net.setWeights(golden.initial.map((weight) => tensorOf(weight)));
    const model = net.compile({ optimizer: golden.optimizer, loss: golden.loss, metrics: ["accuracy"] });
    const { history, epoch } = await model.fit(tensorOf(x), tensorOf(labels), {
      epochs: 5,
      batchSize: 32,
      shuffle: false,
      verbose: 0,
      validationData: [tensorOf(xVal), tensorOf(validationLabels)],
      ...(sampleWeight === null ? {} : { sampleWeight: tensorOf(sampleWeight) }),
      ...(classWeight === null ? {} : { classWeight }),
    });
    expect(epoch).toEqual([0, 1, 2, 3, 4]);
    expect(Object.keys(history).sort()).toEqual(["accuracy", "loss", "val_accuracy", "val_loss"]);
    for (const [name, values] of Object.entries(golden.history)) {
      values.forEach((want, i) => {
        const got = (history as unknown as Record<string, number[]>)[name]?.[i];
        if (!isNear(got as number, want, TOLERANCE, 0)) expect.fail(`${name}, epoch ${i}: ${got}, Keras has ${want}`);
      });
    }
    model.getWeights().forEach((weight, i) => {
      expectValues(weight, golden.final[i] as Listed, TOLERANCE, `weight ${i}`);
    });
    const [loss, accuracy] = golden.evaluate;
    const evaluated = await model.evaluate(tensorOf(xVal), tensorOf(validationLabels), { batchSize: 7 });
    expect(isNear(evaluated.loss, loss, TOLERANCE, 0)).toBe(true);
    expect(evaluated.accuracy).toBeCloseTo(accuracy, 6);
  });
});

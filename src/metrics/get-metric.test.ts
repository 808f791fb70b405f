import { describe, expect, it } from "vitest";
import { readGolden } from "../../test/support/golden.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import { getMetric } from "./get-metric.ts";

const use = { outputShape: [null, 10], targetShape: [null] };

describe("getMetric", () => {
  const golden = readGolden<{ targetShape: number[]; outputShape: number[]; className: string }>("keras-accuracy");
  it.each(golden.cases)("understands accuracy as Keras: labels $targetShape, outputs $outputShape", (each) => {
    const metric = getMetric("accuracy", each);
    expect([metric.name, metric.config.class_name]).toEqual(["accuracy", each.className]);
  });

  it("keeps the name that was given", () => {
    expect(getMetric("acc", use).name).toBe("acc");
    expect(getMetric("mae", use)).toMatchObject({ name: "mae", config: { class_name: "MeanAbsoluteError" } });
    expect(getMetric("binary_accuracy", use).name).toBe("binary_accuracy");
  });

  it("lists the names for one it does not know", () => {
    expect(() => getMetric("auc", use)).toThrow('unknown metric "auc". Use "binaryAccuracy", "categoricalAccuracy"');
    expect(() => getMetric("auc", use)).toThrow('"accuracy"');
    expect(() => getMetric(undefined as never, use)).toThrow("expected a metric or its name, got undefined");
  });

  it("reads and writes what Keras writes", () => {
    const objects = readGolden<ConfigObject>("keras-configs").cases.filter((each) => each.module === "keras.metrics");
    expect(objects.length).toBe(5);
    for (const each of objects) {
      const { config } = getMetric(each, use);
      expect({ ...config, config: { ...config.config, dtype: "float32" } }).toEqual(each);
    }
    const [binary] = objects;
    expect(() => getMetric({ ...binary, class_name: "AUC" }, use)).toThrow('unknown metric "AUC"');
  });
});

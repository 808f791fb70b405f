import { describe, expect, it } from "vitest";
import { adam } from "./adam.ts";
import { sgd } from "./sgd.ts";

describe("Optimizer", () => {
  it("refuses a learning rate that is none, now and later", () => {
    expect(() => adam({ learningRate: -1 })).toThrow("adam: expected a learningRate of at least 0, got -1. Try 0.001.");
    const optimizer = sgd();
    expect(() => {
      optimizer.learningRate = Number.NaN;
    }).toThrow("sgd: expected a learningRate of at least 0, got NaN.");
    expect(() => sgd({ learningRate: "0.1" as never })).toThrow("got 0.1");
    optimizer.learningRate = 0.25;
    expect(optimizer.config.config["learning_rate"]).toBe(0.25);
  });

  it("takes one way to clip", () => {
    expect(() => sgd({ clipValue: 1, clipNorm: 1 })).toThrow(
      "sgd: clipValue, clipNorm and globalClipNorm exclude each other, got 2 of them. Choose one.",
    );
    expect(() => sgd({ clipNorm: 0 })).toThrow("sgd: expected clipNorm > 0, got 0. Leave it out for no clipping.");
  });
});

import {
  compile,
  layers,
  matmul,
  optimizers,
  sequential,
  setFloatx,
  type Tensor,
  Variable,
  valueAndGrad,
  zeros,
} from "gradwise";
import { beforeAll, describe, expect, test } from "vitest";
import { lacks, loadCats } from "./lab-data.ts";

// Note 004, section 3, and note 002 B: is there a cat in the picture?

/** What the lab prints of the cost, every 100 steps. */
const PRINTED: readonly string[] =
  `
  0.693147 0.584508 0.466949 0.376007 0.331463 0.303273 0.279880 0.260042 0.242941 0.228004
  0.214820 0.203078 0.192544 0.183033 0.174399 0.166521 0.159305 0.152667 0.146542 0.140872`.match(/\S+/g) ?? [];

const PIXELS = 64 * 64 * 3;

interface Weights {
  readonly w: Variable;
  readonly b: Variable;
}

function predict(x: Tensor, { w, b }: Weights): Tensor {
  return matmul(x, w.read()).add(b.read()).sigmoid();
}

/** J = -1/m * the sum of y ln(a) + (1 - y) ln(1 - a). */
function cost(a: Tensor, y: Tensor): Tensor {
  const wrong = y.neg().add(1);
  return y
    .mul(a.log())
    .add(wrong.mul(a.neg().add(1).log()))
    .mean()
    .neg();
}

/** The note's `optimize`: w = w - learningRate dw, b likewise; gives the cost of every 100th step. */
function optimize(weights: Weights, x: Variable, y: Tensor, steps: number, learningRate: number): number[] {
  const { w, b } = weights;
  const step = compile(() => {
    const { value, gradients } = valueAndGrad(() => cost(predict(x.read(), weights), y), [w, b]);
    const [dw, db] = gradients;
    w.assign(w.read().sub(dw.mul(learningRate)));
    b.assign(b.read().sub(db.mul(learningRate)));
    return value;
  });
  const costs: number[] = [];
  for (let i = 0; i < steps; i++) {
    const value = step();
    if (i % 100 === 0) costs.push(Number(value));
  }
  return costs;
}

function percentRight(a: Tensor, y: Tensor): number {
  const wrong = a.greater(0.5).cast("float64").sub(y).abs().mean();
  return 100 - 100 * Number(wrong);
}

describe.skipIf(lacks("train_catvnoncat.h5", "test_catvnoncat.h5"))("logistic regression: cat or not", () => {
  let [trainX, trainY, testX, testY]: Tensor[] = [];
  beforeAll(async () => {
    setFloatx("float64");
    const [train, held] = [await loadCats("train"), await loadCats("test")];
    expect([train.x.shape, held.x.shape]).toEqual([
      [209, 64, 64, 3],
      [50, 64, 64, 3],
    ]);
    [trainX, testX] = [train.x, held.x].map((x) => x.reshape([-1, PIXELS]).div(255));
    [trainY, testY] = [train.y, held.y].map((y) => y.cast("float64"));
  });

  test("2,000 full-batch steps print the lab's costs and accuracies", { timeout: 60_000 }, () => {
    const weights = { w: new Variable(zeros([PIXELS, 1])), b: new Variable(zeros([1])) };
    // A Variable stays in the engine's heap; a tensor would be copied into it for each step.
    const x = new Variable(trainX, { trainable: false });
    const costs = optimize(weights, x, trainY, 2000, 0.005);
    expect(costs.map((value) => value.toFixed(6))).toEqual(PRINTED);
    expect(percentRight(predict(trainX, weights), trainY)).toBe(99.04306220095694);
    expect(percentRight(predict(testX, weights), testY)).toBe(70);
  });

  test("a dense layer of one unit learns the same", async () => {
    const net = sequential([layers.dense({ units: 1, activation: "sigmoid", kernelInitializer: "zeros" })]);
    net.compile({ optimizer: optimizers.sgd({ learningRate: 0.005 }), loss: "binaryCrossentropy" });
    const { history } = await net.fit(trainX, trainY, { epochs: 101, batchSize: 209, shuffle: false, verbose: 0 });
    expect([0, 100].map((i) => history.loss[i].toFixed(6))).toEqual(PRINTED.slice(0, 2));
  });
});

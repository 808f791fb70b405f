// A training loop of one's own: a network of 16 tanh units learns a wave, drawn as it learns. `compile` makes ONE
// program of a whole step: prediction, loss, gradients and the update of the weights.
import { compile, linspace, matmul, random, type Tensor, tensor, Variable, valueAndGrad, zeros } from "gradwise";

const steps = process.argv.includes("--smoke") ? 1000 : 10_000;

const x = linspace(-1, 1, 64).reshape([64, 1]);
const wave = x.mul(6).sin().add(x).mul(0.5);

const hidden = random.normal({ shape: [1, 16], key: random.key(1) }).mul(3);
const output = random.normal({ shape: [16, 1], key: random.key(2) }).mul(0.25);
const weights = [hidden, random.normal({ shape: [16], key: random.key(3) }), output, zeros([1])].map(
  (initial) => new Variable(initial),
);

function network(input: Tensor): Tensor {
  const [w1, b1, w2, b2] = weights.map((weight) => weight.read());
  return matmul(matmul(input, w1).add(b1).tanh(), w2).add(b2);
}

const step = compile((learningRate: Tensor) => {
  const loss = () => network(x).sub(wave).square().mean();
  const { value, gradients } = valueAndGrad(loss, weights);
  for (const [i, weight] of weights.entries()) {
    weight.assign(weight.read().sub(gradients[i].mul(learningRate)));
  }
  return value;
});

function draw(prediction: Tensor): string {
  const [learned, wanted] = [prediction, wave].map((curve) => curve.dataSync());
  const rows = Array.from({ length: 13 }, () => new Array<string>(64).fill(" "));
  const row = (value: number) => Math.round(6 - 6 * Math.min(1, Math.max(-1, value)));
  for (let i = 0; i < 64; i++) rows[row(wanted[i])][i] = ".";
  for (let i = 0; i < 64; i++) rows[row(learned[i])][i] = "#";
  return rows.map((line) => line.join("").trimEnd()).join("\n");
}

const rate = tensor(0.1);
for (let n = 0; n <= steps; n++) {
  const loss = step(rate);
  if (n === 0 || n === steps / 20 || n === steps) {
    console.log(`after ${n} steps: mean squared error ${Number(loss).toFixed(5)}\n${draw(network(x))}\n`);
  }
}

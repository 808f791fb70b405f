// A flower whose petals take turns in two colours: no line parts them, so a logistic regression guesses; four hidden
// tanh units learn it. Drawn: the flower, and what the network thinks of every place.
import { initializers, layers, linspace, optimizers, random, sequential, stack, type Tensor, where } from "gradwise";

const steps = process.argv.includes("--smoke") ? 1000 : 5000;
const SAMPLES = 400;

/** The points of a rose of eight petals, r = 4 sin(4 t), blurred; the first half turn is colour 0, the second 1. */
function flower(seed: number): { x: Tensor; y: Tensor } {
  const blur = (part: number) => random.normal({ shape: [SAMPLES], key: random.key(seed + part) }).mul(0.2);
  const angle = linspace(0, 2 * Math.PI, SAMPLES);
  const t = angle.add(blur(0));
  const r = t.mul(4).sin().mul(4).add(blur(1));
  const x = stack([r.mul(t.sin()), r.mul(t.cos())], { axis: 1 });
  return { x, y: where(angle.less(Math.PI), 0, 1).reshape([SAMPLES, 1]) };
}

async function train(name: string, hidden: readonly ReturnType<typeof layers.dense>[], x: Tensor, y: Tensor) {
  const net = sequential([...hidden, layers.dense({ units: 1, activation: "sigmoid" })], { seed: 0 });
  const model = net.compile({
    optimizer: optimizers.sgd({ learningRate: 1.2 }),
    loss: "binaryCrossentropy",
    metrics: ["accuracy"],
  });
  await model.fit(x, y, { epochs: steps, batchSize: SAMPLES, shuffle: false, verbose: 0 });
  const { loss, accuracy } = await model.evaluate(x, y);
  console.log(`${name}: cost ${loss.toFixed(3)}, ${(100 * accuracy).toFixed(1)} % right`);
  return model;
}

const [ROWS, COLUMNS, REACH] = [25, 50, 4.5];

/** The cells of a drawing, row by row. */
function places(): Tensor {
  const down = linspace(REACH, -REACH, ROWS).reshape([ROWS, 1]);
  const across = linspace(-REACH, REACH, COLUMNS).reshape([1, COLUMNS]);
  const flat = [across, down].map((axis) => axis.broadcastTo([ROWS, COLUMNS]).flatten());
  return stack(flat, { axis: 1 });
}

function draw(cells: readonly string[]): string {
  return Array.from({ length: ROWS }, (_, i) =>
    cells
      .slice(i * COLUMNS, (i + 1) * COLUMNS)
      .join("")
      .trimEnd(),
  ).join("\n");
}

function drawFlower(x: Tensor, y: Tensor): string {
  const cells = new Array<string>(ROWS * COLUMNS).fill(" ");
  const labels = y.dataSync();
  (x.arraySync() as number[][]).forEach(([across, up], i) => {
    const cell = (value: number, count: number) => Math.round(((value + REACH) / (2 * REACH)) * (count - 1));
    const [column, row] = [cell(across, COLUMNS), cell(-up, ROWS)];
    if (column >= 0 && column < COLUMNS && row >= 0 && row < ROWS)
      cells[row * COLUMNS + column] = labels[i] ? "#" : ".";
  });
  return draw(cells);
}

const { x, y } = flower(0);
console.log(`${drawFlower(x, y)}\n`);
await train("logistic regression", [], x, y);
// Small first weights, as in the course: larger ones may settle on half of the petals.
const kernelInitializer = initializers.randomNormal({ stddev: 0.01 });
const net = await train("4 tanh units", [layers.dense({ units: 4, activation: "tanh", kernelInitializer })], x, y);
const thoughts: Float32Array = (await net.predict(places())).dataSync();
console.log(`\n${draw(Array.from(thoughts, (p) => (p > 0.5 ? "#" : ".")))}`);

import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { GradwiseError, type History, loadModel, type Tensor } from "gradwise";
import { type Accuracies, accuraciesOf, lastLine } from "../digits/accuracies.ts";
import type { DigitNetwork } from "../digits/digit-network.ts";
import { CLASSES, type DigitSet, loadDigitSets, SIDE } from "../digits/digit-sets.ts";
import { NETWORKS } from "../digits/networks.ts";
import type { Options } from "../options.ts";
import { confusionMatrix, drawConfusionMatrix } from "../terminal/confusion-matrix.ts";
import { drawPredictions, type Prediction } from "../terminal/draw-predictions.ts";
import type { Screen } from "../terminal/screen.ts";

/** Trains on the digits, says how well it went, saves the model and predicts with what it loads again. */
export async function trainDigits(options: Options, screen: Screen, signal: AbortSignal): Promise<void> {
  const sets = await loadDigitSets();
  const { train, validation, test } = sets;
  screen.print("5,000 handwritten digits of 20 x 20 pixels: 4,000 to train on, 500 to validate, 500 to test.\n");
  const { make, batchSize } = NETWORKS[options.network];
  const net = make(options.seed);
  screen.print(`${net.summary()}\n`);

  const began = performance.now();
  const history = await net.fit(train.x, train.y, {
    epochs: options.epochs,
    batchSize,
    validationData: [validation.x, validation.y],
    seed: options.seed,
    signal,
  });
  const seconds = (performance.now() - began) / 1000;
  const accuracies = await accuraciesOf(net, sets);
  screen.print(`\n${trainingText(history, seconds)}\n${accuracyText(accuracies)}\n`);

  const logits = await net.predict(test.x);
  const predicted = logits.argMax({ axis: 1 }).dataSync();
  const { columns } = screen;
  screen.print(`${drawConfusionMatrix(confusionMatrix(test.labels, predicted, CLASSES), { columns })}\n`);
  screen.print(`${drawSome(test, logits, predicted, screen)}\n`);

  await saveAndPredict(net, options.save, test, logits, screen);
  screen.print(lastLine(accuracies));
}

function trainingText({ stopped, epoch }: History, seconds: number): string {
  const epochs = `${epoch.length} ${epoch.length === 1 ? "epoch" : "epochs"}`;
  if (stopped === null) return `Trained ${epochs} in ${seconds.toFixed(1)} s.`;
  return `Ctrl-C stopped training in epoch ${Math.max(1, epoch.length)}, after ${seconds.toFixed(1)} s.`;
}

function accuracyText({ train, validation, test }: Accuracies): string {
  return `Accuracy: train ${train.toFixed(3)}, validation ${validation.toFixed(3)}, test ${test.toFixed(3)}.`;
}

const SHOWN = 3;

/** A row of digits that were read right, and one of those that were not. */
function drawSome(test: DigitSet, logits: Tensor, predicted: Int32Array, { colour, columns }: Screen): string {
  const probabilities = logits.softmax().dataSync();
  const show = (i: number): Prediction => ({
    pixels: test.pixels(i),
    predicted: CLASSES[predicted[i]],
    confidence: probabilities[i * CLASSES.length + predicted[i]],
    truth: CLASSES[test.labels[i]],
  });
  const all = Array.from(test.labels, (_, i) => i);
  const wrong = all.filter((i) => predicted[i] !== test.labels[i]);
  const right = all.filter((i) => predicted[i] === test.labels[i]);
  const draw = (chosen: readonly number[]): string =>
    drawPredictions(chosen.slice(0, SHOWN).map(show), { height: SIDE, width: SIDE, colour, columns });
  const heading = `${right.length} of ${all.length} test digits are read right, ${wrong.length} wrong. Some of each:`;
  return [heading, draw(right), draw(wrong)].filter((text) => text !== "").join("\n\n");
}

/** Saves, loads again, and throws unless the loaded model predicts what the trained one did, bit for bit. */
async function saveAndPredict(
  net: DigitNetwork,
  path: string,
  test: DigitSet,
  logits: Tensor,
  screen: Screen,
): Promise<void> {
  // Where a folder cannot be made, saving says why.
  await mkdir(dirname(path), { recursive: true }).catch(() => undefined);
  await net.save(path);
  const loaded = await loadModel(path);
  const again = await loaded.predict(test.x);
  const bits = (x: Tensor): Uint32Array => new Uint32Array(x.dataSync().buffer);
  const expected = bits(logits);
  if (!bits(again).every((word, i) => word === expected[i])) {
    throw new GradwiseError(`"${path}": the loaded model does not predict what the saved one did. Please report this.`);
  }
  const { size } = await stat(path);
  screen.print(`Saved to ${path} (${Math.round(size / 1024)} KiB); loaded again, it predicts the same, bit for bit.`);
}

import { loadDigits } from "@gradwise/datasets";
import { layers, losses, sequential, splitIndices, tensor } from "gradwise";

const digits = await loadDigits(); // 5,000 handwritten digits of 20 x 20 pixels, and what they are
const [images, labels] = [tensor(digits.x, { shape: [5000, 400] }).div(255), tensor(digits.y)];
const [train, test] = splitIndices(digits.y, { sizes: [4500, 500], seed: 0 }).map((rows) => tensor(rows));

const net = sequential([layers.dense({ units: 25, activation: "relu" }), layers.dense({ units: 10 })], { seed: 0 });
const loss = losses.sparseCategoricalCrossentropy({ fromLogits: true });
net.compile({ optimizer: "adam", loss, metrics: ["accuracy"] });
await net.fit(images.gather(train), labels.gather(train), { epochs: 20, seed: 0, verbose: 0 });
console.log(await net.evaluate(images.gather(test), labels.gather(test)));

const logits = await net.predict(images.gather(test).slice([0, 8]));
console.log(`read ${logits.argMax({ axis: 1 })}\ntrue ${labels.gather(test).slice([0, 8])}`);

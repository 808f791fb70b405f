// A transformer reads handwritten digits row by row: 20 steps of 20 pixels. Its block is a layer made of layers, as the
// example "Text classification with Transformer" of Keras writes it.
import { loadDigits } from "@gradwise/datasets";
import { layers, losses, optimizers, sequential, splitIndices, type Tensor, tensor, type Variable } from "gradwise";

const epochs = process.argv.includes("--smoke") ? 1 : 12;
const width = 32;

/** x + p: each step gets a vector of its own, for attention does not see the order of steps. */
class Positions extends layers.Layer<layers.Same> {
  #positions: Variable | null = null;

  override build(inputShape: layers.OpenShape) {
    this.#positions = this.addWeight("positions", inputShape.slice(1).map(Number), { initializer: "randomNormal" });
  }

  override call(x: Tensor): Tensor {
    return this.#positions === null ? x : x.add(this.#positions.read());
  }
}

/** y = norm(x + attention(x)), z = norm(y + feedForward(y)). The layers in its fields are its parts. */
class TransformerBlock extends layers.Layer<layers.Same> {
  readonly attention = layers.multiHeadAttention({ numHeads: 4, keyDim: width / 4 });
  readonly feedForward = [layers.dense({ units: 2 * width, activation: "relu" }), layers.dense({ units: width })];
  readonly dropouts = [layers.dropout({ rate: 0.1 }), layers.dropout({ rate: 0.1 })];
  readonly norms = [layers.layerNormalization({ epsilon: 1e-6 }), layers.layerNormalization({ epsilon: 1e-6 })];

  override call(x: Tensor, ctx: layers.CallContext): Tensor {
    const seen = this.dropouts[0].apply(this.attention.apply(x, ctx), ctx);
    const y = this.norms[0].apply(x.add(seen), ctx);
    const thought = this.feedForward.reduce((z: Tensor, layer) => layer.apply(z, ctx), y);
    return this.norms[1].apply(y.add(this.dropouts[1].apply(thought, ctx)), ctx);
  }
}

const digits = await loadDigits();
const [images, labels] = [tensor(digits.x, { shape: [5000, 20, 20] }).div(255), tensor(digits.y)];
const [train, test] = splitIndices(digits.y, { sizes: [4500, 500], seed: 0 }).map((rows) => tensor(rows));

const net = sequential(
  [
    layers.input({ shape: [20, 20] }),
    layers.dense({ units: width }),
    new Positions(),
    new TransformerBlock(),
    layers.globalAveragePooling1d(),
    layers.dense({ units: 10 }),
  ],
  { seed: 0, name: "reader" },
);
console.log(net.summary());

const loss = losses.sparseCategoricalCrossentropy({ fromLogits: true });
net.compile({ optimizer: optimizers.adamW({ learningRate: 3e-3 }), loss, metrics: ["accuracy"] });
await net.fit(images.gather(train), labels.gather(train), { epochs, seed: 0, verbose: 2 });
const { accuracy } = await net.evaluate(images.gather(test), labels.gather(test));
console.log(`test accuracy ${accuracy.toFixed(3)}`);

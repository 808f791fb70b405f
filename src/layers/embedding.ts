import type { TypedArray } from "../core/dtype.ts";
import { StateError, ValueError } from "../core/errors.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Variable } from "../graph/variable.ts";
import { getInitializer, type InitializerLike } from "../initializers/get-initializer.ts";
import type { Initializer } from "../initializers/initializer.ts";
import { castTo } from "../ops/cast.ts";
import { gather } from "../ops/gather.ts";
import { Layer, type LayerOptions, type OpenShape } from "./layer.ts";
import type { EmbeddingRule } from "./window-rules.ts";

export interface EmbeddingOptions<U extends number = number> extends LayerOptions {
  /** How many different inputs there are: each is a whole number below it. */
  readonly inputDim: number;
  /** The size of each vector. */
  readonly outputDim: U;
  /** "randomUniform" by default. */
  readonly embeddingsInitializer?: InitializerLike;
}

/** y[..., :] = E[x[...], :], E [inputDim, outputDim]: a vector for each whole number, which training moves. */
export class Embedding<U extends number = number> extends Layer<EmbeddingRule<U>> {
  readonly inputDim: number;
  readonly outputDim: U;
  readonly embeddingsInitializer: Initializer;
  embeddings: Variable | null = null;

  constructor(options: EmbeddingOptions<U>) {
    super(options);
    this.inputDim = options.inputDim;
    this.outputDim = options.outputDim;
    for (const [name, size] of [["inputDim", this.inputDim], ["outputDim", this.outputDim]] as const) {
      if (Number.isSafeInteger(size) && size >= 1) continue;
      throw new ValueError(`${this}: expected ${name} to be a whole number of at least 1, got ${String(size)}.`);
    } // biome-ignore format: two rows
    this.embeddingsInitializer = getInitializer(options.embeddingsInitializer ?? "randomUniform");
  }

  override get className(): string {
    return "Embedding";
  }

  /** Word numbers above 2^24 would not survive as floats. */
  override get takesIntegers(): boolean {
    return true;
  }

  override build(): void {
    const shape = [this.inputDim, this.outputDim];
    this.embeddings = this.addWeight("embeddings", shape, { initializer: this.embeddingsInitializer });
  }

  /** A program does not look at its indices; what is known before is checked here. */
  override checkValues(values: TypedArray): void {
    const at = values.findIndex((value: number) => !(Math.trunc(value) >= 0 && value < this.inputDim));
    if (at === -1) return;
    throw new ValueError(
      `${this}: index ${values[at]} (value ${at} of ${values.length}) is out of range; expected 0 to ${this.inputDim - 1}, as inputDim is ${this.inputDim}. Raise inputDim to the greatest index + 1.`,
    );
  }

  override call(x: Tensor): Tensor {
    if (this.embeddings === null) throw new StateError(`${this}: call before build. Use ${this.name}.apply(x).`);
    const source = x["~source"];
    if (source.kind === "host") this.checkValues(source.array);
    const indices = x.dtype === "int32" ? x : castTo(x, "int32");
    return gather(this.embeddings.read(), indices);
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    return [...inputShape, this.outputDim];
  }

  override getConfig(): JsonObject {
    return {
      ...super.getConfig(),
      input_dim: this.inputDim,
      output_dim: this.outputDim,
      embeddings_initializer: this.embeddingsInitializer.config,
      mask_zero: false,
    };
  }
}

/** A vector for each whole number below inputDim: words, users, categories. */
export function embedding<const U extends number>(options: EmbeddingOptions<U>): Embedding<U> {
  return new Embedding(options);
}

import { type DType, isDType } from "../core/dtype.ts";
import { DTypeError, ShapeError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import type { Shape } from "../core/shape-types.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Layer, type OpenShape } from "./layer.ts";
import type { InputRule } from "./shape-rule.ts";
import { channelsFirstHint } from "./spatial-input.ts";

/** The sizes of one sample; null is open. */
export interface InputOptions<S extends readonly (number | null)[] = OpenShape, D extends DType = DType> {
  /** Without the batch. */
  readonly shape: S;
  /** floatx by default. */
  readonly dtype?: D;
  readonly name?: string;
}

/** What a model's first layer takes, as types know it: the batch, then the sample. */
export type BatchOf<S extends readonly (number | null)[]> = number extends S["length"]
  ? Shape
  : [number, ...{ -readonly [I in keyof S]: S[I] extends number ? S[I] : number }];

/** y = x: says what inputs a model takes, so that it is built at once. */
export class InputLayer<S extends Shape = Shape> extends Layer<InputRule<S>> {
  /** [null, ...shape]. */
  readonly batchShape: OpenShape;

  constructor(options: InputOptions) {
    super({ ...options, inputShape: options.shape });
    const { shape } = options;
    this.batchShape = [null, ...(Array.isArray(shape) ? shape : [])];
    if (!Array.isArray(shape) || !shape.every((n) => n === null || (Number.isSafeInteger(n) && n >= 1))) {
      throw new ShapeError(
        `${this}: expected the shape of one sample, such as [28, 28, 1], got ${JSON.stringify(shape)}. Leave out the batch; null is open.`,
      );
    }
    if (!isDType(this.dtype)) throw new DTypeError(`${this}: unknown dtype ${JSON.stringify(this.dtype)}.`);
  }

  override get className(): string {
    return "InputLayer";
  }

  override get takesIntegers(): boolean {
    return true;
  }

  protected override assertInput(shape: OpenShape): void {
    const fits = (n: number | null, axis: number): boolean => {
      const wanted = this.batchShape[axis];
      return n === null || wanted === null || n === wanted;
    };
    if (shape.length === this.batchShape.length && shape.every(fits)) return;
    const sample = this.batchShape.slice(1);
    const unbatched = shape.length === sample.length && shape.every((n, axis) => fits(n, axis + 1));
    const advice = unbatched
      ? ` Add a batch axis: x.reshape([1, ${shape.join(", ")}]).`
      : channelsFirstHint(this.batchShape, shape);
    throw new ShapeError(
      `${this}: expected an input of shape ${shapeText(this.batchShape)}, got ${shapeText(shape)}.${advice}`,
    );
  }

  override call(x: Tensor): Tensor {
    return x;
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    this.assertInput(inputShape);
    return [...inputShape];
  }

  override getConfig(): JsonObject {
    const { batchShape, dtype, name } = this;
    return { batch_shape: [...batchShape], dtype, sparse: false, ragged: false, name, optional: false };
  }
}

/** What a model takes: `input({ shape: [784] })`. */
export function input<const S extends readonly (number | null)[], D extends DType = DType>(
  options: InputOptions<S, D>,
): InputLayer<BatchOf<S>> {
  return new InputLayer<BatchOf<S>>(options);
}

import { ShapeError } from "../core/errors.ts";
import { shapeText, sizeOf } from "../core/shape.ts";
import type { Shape } from "../core/shape-types.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import { reshape as reshapeTo } from "../ops/reshape.ts";
import { Layer, type LayerOptions, type OpenShape } from "./layer.ts";
import type { ReshapeRule } from "./shape-rule.ts";

export interface ReshapeOptions<T extends Shape = Shape> extends LayerOptions {
  /** The shape of one sample, without the batch; one size may be -1: what the others leave. */
  readonly targetShape: T;
}

/** The same values of each sample, in row-major order, under another shape: [batch, ...] -> [batch, ...targetShape]. */
export class Reshape<T extends Shape = Shape> extends Layer<ReshapeRule<T>> {
  readonly targetShape: T;

  constructor(options: ReshapeOptions<T>) {
    super(options);
    this.targetShape = options.targetShape;
    const valid =
      Array.isArray(this.targetShape) &&
      this.targetShape.every((n) => Number.isSafeInteger(n) && n >= -1 && n !== 0) &&
      this.targetShape.filter((n) => n === -1).length <= 1;
    if (valid) return;
    const got = JSON.stringify(this.targetShape);
    throw new ShapeError(
      `${this}: expected a targetShape of sizes of at least 1, or -1 once, got ${got}. Leave out the batch.`,
    );
  }

  override get className(): string {
    return "Reshape";
  }

  override call(x: Tensor): Tensor {
    return reshapeTo(x, [x.shape[0], ...this.#filled(x.shape)]);
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    return [inputShape[0] ?? null, ...this.#filled(inputShape)];
  }

  protected override assertInput(shape: OpenShape): void {
    this.#filled(shape);
  }

  /** The target with its -1 filled in; null where an open size leaves it open. */
  #filled(inputShape: OpenShape): number[];
  #filled(inputShape: OpenShape): (number | null)[] {
    if (inputShape.length === 0) throw new ShapeError(`${this}: expected an input of rank >= 1, got a scalar.`);
    const sample = inputShape.slice(1);
    if (sample.some((n) => n === null)) return this.targetShape.map((n) => (n === -1 ? null : n));
    const size = sizeOf(sample as readonly number[]);
    const known = sizeOf(this.targetShape.filter((n) => n !== -1));
    const open = this.targetShape.includes(-1);
    if (open ? size % known === 0 : size === known) return this.targetShape.map((n) => (n === -1 ? size / known : n));
    const wanted = open ? `a multiple of ${known}` : `${known}`;
    throw new ShapeError(
      `${this}: ${size} values a sample, of shape ${shapeText(inputShape)}, do not fill ${shapeText(this.targetShape)}: expected ${wanted}.`,
    );
  }

  override getConfig(): JsonObject {
    return { ...super.getConfig(), target_shape: [...this.targetShape] };
  }
}

/** Every sample under another shape. */
export function reshape<const T extends Shape>(options: ReshapeOptions<T>): Reshape<T> {
  return new Reshape(options);
}

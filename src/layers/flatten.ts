import { ShapeError } from "../core/errors.ts";
import { sizeOf } from "../core/shape.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import { reshape } from "../ops/reshape.ts";
import { Layer, type LayerOptions, type OpenShape } from "./layer.ts";
import type { FlattenRule } from "./shape-rule.ts";

/** y[b, i] = the i-th value of x[b] in row-major order: [batch, ...] -> [batch, values]; [batch] -> [batch, 1]. */
export class Flatten extends Layer<FlattenRule> {
  override get className(): string {
    return "Flatten";
  }

  protected override assertInput(shape: OpenShape): void {
    if (shape.length > 0) return;
    throw new ShapeError(`${this}: expected an input of rank >= 1, got a scalar. Add a batch axis: x.reshape([1]).`);
  }

  override call(x: Tensor): Tensor {
    return reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))]);
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    this.assertInput(inputShape);
    const rest = inputShape.slice(1);
    return [inputShape[0], rest.some((n) => n === null) ? null : sizeOf(rest as readonly number[])];
  }

  override getConfig(): JsonObject {
    return { ...super.getConfig(), data_format: "channels_last" };
  }
}

/** All axes but the batch become one. */
export function flatten(options: LayerOptions = {}): Flatten {
  return new Flatten(options);
}

// tested by src/layers/multi-head-attention.test.ts
import { ShapeError, StateError } from "../core/errors.ts";
import { shapeText, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Variable } from "../graph/variable.ts";
import type { Initializer } from "../initializers/initializer.ts";
import { matmul } from "../ops/matmul.ts";
import { reshape } from "../ops/reshape.ts";
import { Layer, type LayerOptions, type OpenShape } from "./layer.ts";

export interface AxesDenseOptions extends LayerOptions {
  /** How many of the input's last axes are summed over. */
  readonly summed: number;
  /** The axes that take their place. */
  readonly units: readonly number[];
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
}

/**
 * y[..., u] = sum over f of x[..., f] W[f, u] + b[u], where f and u are several axes each: Keras's EinsumDense with the
 * kernel [...features, ...units], as one product of matrices. Its kernel starts as that matrix would.
 */
export class AxesDense extends Layer {
  readonly summed: number;
  readonly units: readonly number[];
  readonly useBias: boolean;
  readonly #kernelInitializer: Initializer;
  readonly #biasInitializer: Initializer;
  kernel: Variable | null = null;
  bias: Variable | null = null;

  constructor(options: AxesDenseOptions) {
    super(options);
    this.summed = options.summed;
    this.units = options.units;
    this.useBias = options.useBias;
    this.#kernelInitializer = options.kernelInitializer;
    this.#biasInitializer = options.biasInitializer;
  }

  override build(inputShape: OpenShape): void {
    const features = inputShape.slice(-this.summed).map((n) => {
      if (n !== null) return n;
      const axes = this.summed === 1 ? "the last axis" : `the last ${this.summed} axes`;
      throw new ShapeError(`${this}: expected known sizes on ${axes}, got shape ${shapeText(inputShape)}.`);
    });
    const { config, make } = this.#kernelInitializer;
    const asMatrix: Initializer = {
      config,
      make: (shape, dtype, key) => reshape(make([sizeOf(features), sizeOf(this.units)], dtype, key), shape),
    };
    this.kernel = this.addWeight("kernel", [...features, ...this.units], { initializer: asMatrix });
    if (this.useBias) this.bias = this.addWeight("bias", this.units, { initializer: this.#biasInitializer });
  }

  protected override assertInput(shape: OpenShape): void {
    const wanted = this.kernel?.shape.slice(0, this.summed);
    if (wanted === undefined) return;
    const given = shape.slice(-this.summed);
    if (given.every((n, i) => n === null || n === wanted[i])) return;
    throw new ShapeError(
      `${this}: expected ${wanted.join(" x ")} features, got ${given.join(" x ")} in shape ${shapeText(shape)}. Its weights were made for ${wanted.join(" x ")}.`,
    );
  }

  override call(x: Tensor): Tensor {
    const { kernel, bias, summed, units } = this;
    if (kernel === null) throw new StateError(`${this}: call before build. Use ${this.name}.apply(x).`);
    const [features, outputs] = [sizeOf(kernel.shape.slice(0, summed)), sizeOf(units)];
    const free: readonly number[] = x.shape.slice(0, -summed);
    const rows: Tensor = summed === 1 ? x : reshape(x, [...free, features]);
    const matrix: Tensor = reshape(kernel.read(), [features, outputs]);
    const y = matmul(rows, matrix, bias === null ? {} : { bias: reshape(bias.read(), [outputs]) as Tensor });
    return reshape(y, [...free, ...units]);
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    this.assertInput(inputShape);
    return [...inputShape.slice(0, -this.summed), ...this.units];
  }
}

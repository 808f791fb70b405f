// tested by src/layers/layer.test.ts
import { allocate, dtypeOfArray, type TypedArray } from "../core/dtype.ts";
import { ShapeError, ValueError } from "../core/errors.ts";
import { sameShape, shapeText, sizeOf } from "../core/shape.ts";
import { hostTensor, Tensor } from "../graph/tensor.ts";
import type { Variable } from "../graph/variable.ts";
import { castTo } from "../ops/cast.ts";

/** Sets variables from as many arrays, all or none: every array is checked before the first is written. */
export function assignWeights(
  variables: readonly Variable[],
  weights: readonly (Tensor | TypedArray)[],
  where: string,
): void {
  if (weights.length !== variables.length) {
    const wanted = variables.map((v) => `${v.name} ${shapeText(v.shape)}`).join(", ");
    throw new ValueError(
      `${where}: expected ${variables.length} weights (${wanted || "none"}), got ${weights.length}. Give one array for each.`,
    );
  }
  const values = variables.map((variable, i) => weightValue(variable, weights[i], where));
  variables.forEach((variable, i) => {
    variable.assign(values[i]);
  });
}

function weightValue(variable: Variable, given: Tensor | TypedArray, where: string): Tensor {
  const what = `${where}: weight "${variable.name}"`;
  if (given instanceof Tensor) {
    if (!sameShape(given.shape, variable.shape)) {
      throw new ShapeError(
        `${what}: expected shape ${shapeText(variable.shape)}, got ${shapeText(given.shape)}. Check the order of the weights.`,
      );
    }
    return given.dtype === variable.dtype ? given : castTo(given, variable.dtype);
  }
  if (!ArrayBuffer.isView(given)) {
    throw new ValueError(`${what}: expected a tensor or a typed array, got ${typeof given}. Use tensor(values).`);
  }
  const size = sizeOf(variable.shape);
  if (given.length !== size) {
    throw new ShapeError(
      `${what}: expected ${size} values for shape ${shapeText(variable.shape)}, got ${given.length}. Check the order of the weights.`,
    );
  }
  if (dtypeOfArray(given) === variable.dtype) return hostTensor(given.slice(), variable.shape, variable.dtype);
  const array = allocate(variable.dtype, size);
  array.set(given);
  return hostTensor(array, variable.shape, variable.dtype);
}

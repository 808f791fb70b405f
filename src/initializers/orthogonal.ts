// tested by src/initializers/initializers.test.ts
import { ShapeError } from "../core/errors.ts";
import { shapeText, sizeOf } from "../core/shape.ts";
import { normal } from "../ops/random.ts";
import { tensor } from "../ops/tensor.ts";
import type { Initializer } from "./initializer.ts";
import { randomInitializer, type SeedOptions } from "./random-initializer.ts";

export interface OrthogonalOptions extends SeedOptions {
  /** What all values are multiplied by; 1 by default. */
  readonly gain?: number;
}

/**
 * A matrix with orthonormal columns (rows, where it is wider than high): the first factor of W = Q R for W ~ N(0, 1),
 * with signs that make R's diagonal positive. Axes before the last count as rows. Saxe and others, Exact solutions to
 * the nonlinear dynamics of learning, 2014: signals neither grow nor fade over many steps of a recurrent net.
 */
export function orthogonal(options: OrthogonalOptions = {}): Initializer {
  const { gain = 1, seed } = options;
  const drawn = randomInitializer({
    className: "Orthogonal",
    config: { gain },
    seed,
    draw: ({ shape, key }) => normal({ shape, key, dtype: "float64" }),
  });
  return {
    config: drawn.config,
    make: (shape, dtype, key) => {
      if (shape.length < 2) {
        throw new ShapeError(
          `initializers.orthogonal: expected a shape of rank >= 2, got ${shapeText(shape)}. Use another for vectors.`,
        );
      }
      const columns = shape[shape.length - 1];
      const rows = sizeOf(shape) / Math.max(1, columns);
      const values = drawn.make(shape, "float64", key).dataSync() as Float64Array;
      const q = orthonormal(values, rows, columns).map((value) => gain * value);
      return tensor(q, { shape, dtype });
    },
  };
}

/** Q of W = Q R by Gram and Schmidt, twice for accuracy: columns of W (or its rows, whichever are fewer) in turn. */
function orthonormal(w: Float64Array, rows: number, columns: number): Float64Array {
  const wide = columns > rows;
  const [count, length] = wide ? [rows, columns] : [columns, rows];
  const vectors = Array.from({ length: count }, (_, j) =>
    Float64Array.from({ length }, (_unused, i) => (wide ? w[j * columns + i] : w[i * columns + j])),
  );
  vectors.forEach((v, j) => {
    for (let pass = 0; pass < 2; pass++) {
      for (const u of vectors.slice(0, j)) {
        const along = dot(u, v);
        for (let i = 0; i < length; i++) v[i] -= along * u[i];
      }
    }
    const norm = Math.sqrt(dot(v, v));
    for (let i = 0; i < length; i++) v[i] /= norm;
  });
  return Float64Array.from(w, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    return wide ? vectors[i][j] : vectors[j][i];
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

import { expect, test } from "vitest";
import { ENGINES } from "../../../test/support/engines.ts";
import { compile } from "../../engine/compile.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { scatterAdd, tensor } from "../../ops/index.ts";
import { STRUCTURAL as REFERENCE } from "../reference/structural.ts";
import { bodyUnits } from "./lower-body.ts";
import { STRUCTURAL } from "./structural.ts";

// reference/structural.test.ts holds the reference's rows to the ops.
test("every structural op has a row here too", () => {
  expect(Object.keys({ ...STRUCTURAL, ...bodyUnits }).sort()).toEqual(Object.keys(REFERENCE).sort());
});

test.each(ENGINES)("scatterAdd writes inside its output, whatever the indices: $name", ({ use }) => {
  use(() => {
    const run = compile((x: Tensor, at: Tensor) => scatterAdd(x, at, 3) as Tensor);
    const at = tensor([-(2 ** 31), -1, 3, 2 ** 31 - 1], { dtype: "int32" });
    const y = run(tensor([[1, 2], [3, 4], [5, 6], [7, 8]]), at); // biome-ignore format: rows
    expect(y.arraySync()).toEqual([[4, 6], [0, 0], [12, 14]]); // biome-ignore format: rows
  });
});

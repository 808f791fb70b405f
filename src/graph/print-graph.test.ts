import { beforeAll, expect, it, vi } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { ops } from "../ops/index.ts";
import { tensor } from "../ops/tensor.ts";
import { apply, applyAll } from "./apply.ts";
import type { Op } from "./op.ts";
import { print, printGraph } from "./print-graph.ts";
import { withScope } from "./scope.ts";
import { Trace, withTrace } from "./trace.ts";
import { Variable } from "./variable.ts";

beforeAll(() => {
  installReferenceEngine();
});

it("prints a node a line: sources by name, attributes that say something, the layer; what variables become", () => {
  const w = new Variable(tensor([[1, 2], [3, 4]]), { name: "w" }); // biome-ignore format: a matrix
  const trace = new Trace();
  const x = trace.input({ shape: [3, 2], dtype: "float32" }, "x");
  const y = withTrace(trace, () => {
    const h = withScope("dense", () => ops.tanh(ops.matmul(x, w.read(), { transposeB: true, bias: tensor([1, 1]) })));
    w.assign(ops.mul(w.read(), ops.full([2, 2], -0)));
    return withScope("outer", () => withScope("inner", () => ops.sum(h, { axis: 1 })));
  });
  expect(printGraph(trace.finish([y, x]))).toBe(
    [
      "%0 = input 0                        # (3, 2) float32",
      '%1 = variable "w"                   # (2, 2) float32 [dense]',
      "%2 = captured 0                     # (2,) float32 [dense]",
      "%3 = matmul(%0, %1, %2) transposeB  # (3, 2) float32 [dense]",
      "%4 = tanh(%3)                       # (3, 2) float32 [dense]",
      "%5 = constant() value=-0            # (2, 2) float32",
      "%6 = mul(%1, %5)                    # (2, 2) float32",
      "%7 = sum(%4) axis=1 count=1         # (3,) float32 [outer/inner]",
      "return %7, %0",
      '"w" becomes %6',
    ].join("\n"),
  );
});

it("numbers several outputs, and begins at 0 in every graph", () => {
  const both: Op = { name: "both", kind: "structural", infer: ([a]) => [a, a] as never };
  for (let i = 0; i < 2; i++) {
    const trace = new Trace();
    const x = trace.input({ shape: [], dtype: "int32" }, "x");
    const outputs = withTrace(trace, () => [apply(both, [x]), applyAll(both, [x], {})[1]] as const);
    const text = printGraph(trace.finish([outputs[1] as typeof x]));
    expect(text).toContain("%2.0, %2.1 = both(%0)");
    expect(text).toContain("() int32, () int32\nreturn %2.1");
  }
});

it("shows a graph, or a program's", () => {
  const shown = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const graph = new Trace().finish([]);
  print(graph);
  print({ graph });
  expect(shown.mock.calls).toEqual([[printGraph(graph)], [printGraph(graph)]]);
  shown.mockRestore();
});

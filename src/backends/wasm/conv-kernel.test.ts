import { describe, expect, it } from "vitest";
import { conv } from "../../engine/convolve.ts";
import "../../engine/eager.ts";
import { valueAndGrad } from "../../engine/gradients.ts";
import { prepareGraph } from "../../engine/prepare-graph.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { Trace, withTrace } from "../../graph/trace.ts";
import { maxPool, mul, relu, sum, zeros } from "../../ops/index.ts";
import { kernelCalls } from "./call.ts";
import { exactProfile } from "./kernel-profile.ts";
import { lowerGraph } from "./lower-graph.ts";

/** The calls that f of these inputs becomes: kernels made by hand by their names, loops by their first word. */
function callsOf(f: (...xs: Tensor[]) => Tensor | Tensor[], shapes: readonly (readonly number[])[]): string[] {
  const trace = new Trace();
  const inputs = shapes.map((shape, i) => trace.input(zeros(shape) as Tensor, `argument${i}`));
  const results = withTrace(trace, () => [f(...inputs)].flat());
  const calls = kernelCalls(lowerGraph(prepareGraph(trace.finish(results)), exactProfile).parts.flat());
  return calls.map(({ step }) => (step.emit === null ? step.key : (step.key.match(/^\w+ \w+/)?.[0] ?? "")));
}

function gradientsOf(loss: (x: Tensor, w: Tensor) => Tensor): (x: Tensor, w: Tensor) => Tensor[] {
  return (x, w) => [...valueAndGrad((a: Tensor, b: Tensor) => loss(a, b))(x, w).gradients];
}

describe("convolutions", () => {
  it.each([
    { what: "pictures", x: [2, 6, 7, 3], w: [3, 3, 3, 4], options: { strides: 2, padding: "same" as const } },
    { what: "rows", x: [2, 9, 4], w: [3, 2, 6], options: { dilation: 2, groups: 2 } },
  ])("run on kernels made by hand, forward and backward: $what", ({ x, w, options }) => {
    const y = (a: Tensor, b: Tensor): Tensor => conv(a, b, options) as Tensor;
    expect(callsOf(y, [x, w])).toEqual(["conv_f32"]);
    const backward = callsOf(
      gradientsOf((a, b) => sum(y(a, b)) as Tensor),
      [x, w],
    );
    expect(backward).toContain("conv_f32_input");
    expect(backward).toContain("conv_f32_kernel");
  });

  it("of three axes walk their filters in vectors, of nothing they are zeros", () => {
    const y = (a: Tensor, b: Tensor): Tensor => conv(a, b) as Tensor;
    expect(callsOf(y, [[1, 3, 3, 3, 2], [2, 2, 2, 2, 8]])).toEqual(["window sum"]); // biome-ignore format: a row
    expect(callsOf(y, [[1, 4, 0], [2, 0, 3]])).toEqual(["map float32"]); // biome-ignore format: a row
  });
});

describe("pools", () => {
  const pooled = (x: Tensor, w: Tensor): Tensor => maxPool(relu(conv(x, w)), 2) as Tensor;

  const x = [2, 8, 8, 1];
  const w = [3, 3, 1, 4];

  it("end the convolution before them, relu included, and leave the places of maxima to a gradient", () => {
    expect(callsOf(pooled, [x, w])).toEqual(["pool4_relu_conv_f32"]);
    const plain = (a: Tensor, b: Tensor): Tensor => maxPool(conv(a, b), [1, 2]) as Tensor;
    expect(callsOf(plain, [x, w])).toEqual(["pool2_conv_f32"]);
    const backward = callsOf(gradientsOf((a, b) => sum(pooled(a, b)) as Tensor), [x, w]); // biome-ignore format: a row
    expect(backward).toContain("record4_relu_conv_f32");
    expect(backward.filter((call) => call.startsWith("window"))).toEqual([]);
    expect(backward).not.toContain("scatterAdd float32");
  });

  it("stand alone where they overlap or are padded, or where something else reads what they do", () => {
    const other = (pool: (z: Tensor) => Tensor | Tensor[]) => callsOf((a, b) => pool(conv(a, b) as Tensor), [x, w]);
    expect(other((z) => maxPool(z, 2, { strides: 1 }) as Tensor)).toEqual(["conv_f32", "window max"]);
    expect(other((z) => maxPool(z, 3, { strides: 3, padding: 1 }) as Tensor)).toEqual(["conv_f32", "window max"]);
    expect(other((z) => [maxPool(z, 2) as Tensor, z])).toEqual(["conv_f32", "window max"]);
    const two = other((z) => [maxPool(z, 2) as Tensor, maxPool(z, 3) as Tensor]);
    expect(two.filter((call) => call.startsWith("window"))).toHaveLength(2);
  });

  it("leave out what no window covers of a convolution", () => {
    const trace = new Trace();
    const [x, w] = [trace.input(zeros([2, 9, 8, 1]) as Tensor, "x"), trace.input(zeros([3, 3, 1, 4]) as Tensor, "w")];
    const y = withTrace(trace, () => pooled(x, w));
    const { nodes } = prepareGraph(trace.finish([y]));
    const shapes = nodes.flatMap(({ op, outputs }) => (op.name === "conv" ? [outputs[0]?.shape] : []));
    expect(shapes).toEqual([[2, 6, 6, 4]]);
  });
});

describe("relu", () => {
  const product = (a: Tensor, b: Tensor): Tensor => conv(a, b) as Tensor;
  const shapes = [[2, 8, 8, 1], [3, 3, 1, 4]]; // biome-ignore format: a row

  it("ends the convolution that it alone reads, and its gradient looks at what is stored", () => {
    expect(callsOf((a, b) => relu(product(a, b)) as Tensor, shapes)).toEqual(["conv_f32"]);
    expect(callsOf((a, b) => mul(relu(product(a, b)), 3) as Tensor, shapes)).toEqual(["conv_f32", "map float32"]);
    const backward = callsOf(
      gradientsOf((a, b) => sum(mul(relu(product(a, b)), 3)) as Tensor),
      shapes,
    );
    expect(backward.filter((call) => call.startsWith("conv"))).toHaveLength(3);
  });

  it("stands alone where something else reads the convolution", () => {
    const both = (a: Tensor, b: Tensor): Tensor[] => [product(a, b), relu(product(a, b)) as Tensor];
    expect(callsOf(both, shapes)).toEqual(["conv_f32", "map float32"]);
  });
});

import { expect, it } from "vitest";
import { addOp } from "../ops/add.ts";
import { mulOp } from "../ops/mul.ts";
import { tensor } from "../ops/tensor.ts";
import { attrsText } from "./attrs-text.ts";
import { graphResults, Node, nodeOf, nodeOfOp } from "./node.ts";
import { Trace } from "./trace.ts";

it("a node's outputs know it, and have the specs that they were given", () => {
  const x = tensor([1, 2]);
  const node = new Node(addOp, [x, x], {}, [{ shape: [2], dtype: "float32" }]);
  const [y] = node.outputs;
  expect([y?.shape, y?.dtype, nodeOf(y as typeof x), nodeOf(x), node.owner]).toEqual([
    [2],
    "float32",
    node,
    null,
    null,
  ]);
  expect([nodeOfOp(y as typeof x, addOp), nodeOfOp(y as typeof x, mulOp), nodeOfOp(x, addOp)]).toEqual([
    node,
    null,
    null,
  ]);
  expect(Object.isFrozen(y?.shape)).toBe(true);
});

it("results are outputs and what variables become", () => {
  const graph = new Trace().finish([]);
  const [a, b] = [tensor(1), tensor(2)];
  const variables = [{ variable: {} as never, before: a, after: null }, { variable: {} as never, before: a, after: b }]; // biome-ignore format: a list
  expect(graphResults({ ...graph, outputs: [a], variables })).toEqual([a, b]);
});

it("attributes are told apart as text: -0, NaN, infinities, strings that look like numbers, nesting", () => {
  const values = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, "0", '"', null, true, [], [0], [[0]], [0, 0], {}, { a: 0 }, { b: 0 }]; // biome-ignore format: a list
  const texts = values.map((value) => attrsText({ value } as never));
  expect(new Set(texts).size).toBe(values.length);
  expect(attrsText({ shape: [2, 3], name: "x", flag: false })).toBe('{shape:[2,3],name:"x",flag:false}');
});

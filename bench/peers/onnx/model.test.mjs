import assert from "node:assert/strict";
import { test } from "node:test";
import { constant, model, node } from "./model.mjs";
import { missingLayer, predictionModel } from "./net.mjs";
import { trainingModel } from "./training.mjs";

/** Decodes protocol buffers: [field, number or bytes] pairs. */
function decode(buffer) {
  const fields = [];
  let at = 0;
  const number = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = buffer[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < buffer.length) {
    const tag = number();
    if ((tag & 7) === 0) fields.push([tag >> 3, number()]);
    else {
      const length = number();
      fields.push([tag >> 3, buffer.subarray(at, (at += length))]);
    }
  }
  assert.equal(at, buffer.length);
  return fields;
}

const named = (graph, field) => of(graph, field).map((value) => String(of(decode(value), 1)[0]));
const of = (fields, wanted) => fields.filter(([field]) => field === wanted).map(([, value]) => value);

test("a node has its inputs, outputs, type and attributes", () => {
  const [[field, content]] = decode(node("Conv", ["x", "w"], ["y"], { strides: [2, 300], group: 1 }));
  assert.equal(field, 1);
  const fields = decode(content);
  assert.deepEqual(of(fields, 1).map(String), ["x", "w"]);
  assert.deepEqual(of(fields, 2).map(String), ["y"]);
  assert.equal(String(of(fields, 4)[0]), "Conv");
  const [strides, group] = of(fields, 5).map(decode);
  assert.deepEqual([String(of(strides, 1)[0]), of(strides, 8), of(strides, 20)], ["strides", [2, 300], [7]]);
  assert.deepEqual([String(of(group, 1)[0]), of(group, 3), of(group, 20)], ["group", [1], [2]]);
});

test("a constant keeps its shape and its bytes, of a part of a buffer too", () => {
  const values = Float32Array.of(9, 1.5, -2).subarray(1);
  const [[field, content]] = decode(constant("c", [2, 1], values));
  const fields = decode(content);
  assert.equal(field, 5);
  assert.deepEqual([of(fields, 1), of(fields, 2), String(of(fields, 8)[0])], [[2, 1], [1], "c"]);
  assert.deepEqual([...new Float32Array(new Uint8Array(of(fields, 9)[0]).buffer)], [1.5, -2]);
});

test("a model holds the graph and the version of the operators", () => {
  const fields = decode(model({ inputs: { x: [1] }, outputs: { y: [1] }, nodes: [node("Identity", ["x"], ["y"])] }));
  assert.deepEqual(of(fields, 1), [8]);
  assert.deepEqual(of(decode(of(fields, 8)[0]), 2), [17]);
  const graph = decode(of(fields, 7)[0]);
  assert.equal(of(graph, 1).length, 1);
  assert.deepEqual(
    [String(of(decode(of(graph, 11)[0]), 1)[0]), String(of(decode(of(graph, 12)[0]), 1)[0])],
    ["x", "y"],
  );
});

test("a net's graph chains its layers from x to y; a layer that is not written is named", () => {
  const net = {
    inputShape: [4],
    layers: [
      { type: "dense", units: 3, activation: "relu" },
      { type: "dense", units: 2, activation: "linear" },
    ],
  };
  const { bytes, shape } = predictionModel(net);
  const nodes = of(decode(of(decode(bytes), 7)[0]), 1).map(decode);
  assert.deepEqual(shape, [1, 4]);
  assert.deepEqual(
    nodes.map((fields) => String(of(fields, 4)[0])),
    ["Gemm", "Relu", "Gemm", "Identity"],
  );
  let from = "x";
  for (const fields of nodes) {
    assert.equal(String(of(fields, 1)[0]), from);
    from = String(of(fields, 2)[0]);
  }
  assert.equal(from, "y");
  assert.equal(missingLayer(net), undefined);
  assert.equal(missingLayer({ layers: [{ type: "lstm" }] }), "lstm");
});

test("a training step's graph uses nothing before it is made, and returns all of its state", async () => {
  const optimizer = { name: "adamW", learningRate: 0.1, beta1: 0.9, beta2: 0.9, epsilon: 1e-7, weightDecay: 0.1 };
  const net = {
    inputShape: [4],
    layers: [
      { type: "dense", units: 3, activation: "sigmoid" },
      { type: "dense", units: 2, activation: "linear" },
    ],
  };
  for (const loss of ["meanSquaredError", "softmaxCrossEntropy"]) {
    const { bytes, state, initial } = trainingModel({ net, loss, optimizer, batch: 5 });
    const graph = decode(of(decode(bytes), 7)[0]);
    const known = new Set([...of(graph, 5).map((c) => String(of(decode(c), 8)[0])), ...named(graph, 11)]);
    for (const fields of of(graph, 1).map(decode)) {
      for (const input of of(fields, 1).map(String)) assert.ok(known.has(input), input);
      for (const output of of(fields, 2).map(String)) {
        assert.ok(!known.has(output), `${output} is made twice`);
        known.add(output);
      }
    }
    assert.deepEqual(Object.keys(state).length, 3 * 4); // p, m and v of two matrices and two rows of biases
    assert.deepEqual(named(graph, 12), ["loss", ...Object.keys(state).map((name) => `${name}'`)]);
    for (const output of named(graph, 12)) assert.ok(known.has(output), output);
    for (const [name, [rows, columns]] of Object.entries(state)) assert.equal(initial[name].length, rows * columns);
  }
});

// ONNX models written by hand: protocol buffers are tagged fields, and a model needs few of them (onnx.proto3).
const number = (value) => {
  const bytes = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 128 : low);
  } while (rest > 0);
  return Buffer.from(bytes);
};
const varint = (field, value) => Buffer.concat([number(field * 8), number(value)]);
const bytes = (field, value) => Buffer.concat([number(field * 8 + 2), number(value.length), value]);
const text = (field, value) => bytes(field, Buffer.from(value));
const message = (field, ...parts) => bytes(field, Buffer.concat(parts));

const float = 1; // TensorProto.DataType

function attribute([name, value]) {
  const content = Array.isArray(value)
    ? [...value.map((one) => varint(8, one)), varint(20, 7)]
    : [varint(3, value), varint(20, 2)];
  return message(5, text(1, name), ...content);
}

/** A node of the graph: `node("Gemm", ["x", "w", "b"], ["y"], { transB: 1 })`. */
export function node(type, inputs, outputs, attributes = {}) {
  return message(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, type),
    ...Object.entries(attributes).map(attribute),
  );
}

/** A constant of float32. */
export function constant(name, shape, values) {
  const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return message(5, ...shape.map((size) => varint(1, size)), varint(2, float), text(8, name), bytes(9, raw));
}

function value(field, name, shape) {
  const sizes = message(2, ...shape.map((size) => message(1, varint(1, size))));
  return message(field, text(1, name), message(2, message(1, varint(1, float), sizes)));
}

/** The bytes of a model; inputs and outputs are { name: shape }. */
export function model({ inputs, outputs, nodes, constants = [] }) {
  const values = (field, shapes) => Object.entries(shapes).map(([name, shape]) => value(field, name, shape));
  const graph = message(7, ...nodes, text(2, "graph"), ...constants, ...values(11, inputs), ...values(12, outputs));
  return Buffer.concat([varint(1, 8), graph, message(8, text(1, ""), varint(2, 17))]); // IR 8, operators 17
}

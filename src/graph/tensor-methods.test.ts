import { describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { testShape } from "../../test/support/test-shape.ts";
import { concat, matmul, oneHot, ops, reverse, stack, tensor, zeros } from "../ops/index.ts";
import { Tensor } from "./tensor.ts";

installReferenceEngine();

describe("the methods of Tensor", () => {
  it("do what the functions do, with the tensor first", () => {
    const x = tensor([1, 4, 9]);
    expect(x.sub(1).arraySync()).toEqual([0, 3, 8]);
    expect(x.sqrt().arraySync()).toEqual([1, 2, 3]);
    expect(x.clip(2, 5).arraySync()).toEqual([2, 4, 5]);
    expect(x.less(4).logicalNot().arraySync()).toEqual([false, true, true]);
    expect(x.softmax().sum().arraySync()).toBeCloseTo(1, 6);
  });

  it("call the op table's functions, and hide from enumeration", () => {
    for (const name of ["add", "matmul", "sum", "reshape", "isNaN"] as const) {
      expect(typeof Tensor.prototype[name], name).toBe("function");
      expect(typeof ops[name], name).toBe("function");
    }
    expect(Object.keys(Tensor.prototype)).toEqual([]);
  });
});

describe("the shape that a type states", () => {
  const x = zeros([2, 3, 4]);
  const labels = zeros([5], { dtype: "int32" });

  it("is the shape of the value, elementwise and for products", () => {
    testShape(x.add(zeros([3, 1])), [2, 3, 4]);
    testShape(zeros([4, 1]).mul(zeros([5])), [4, 5]);
    testShape(x.greater(zeros([])), [2, 3, 4]);
    testShape(x.broadcastTo([6, 2, 3, 4]), [6, 2, 3, 4]);
    testShape(x.matmul(zeros([4, 6])), [2, 3, 6]);
    testShape(x.matmul(x, { transposeB: true }), [2, 3, 3]);
    testShape(x.matmul(zeros([4])), [2, 3]);
    testShape(matmul(zeros([3]), x), [2, 4]);
    testShape(zeros([7, 1, 3, 4]).matmul(zeros([2, 4, 5])), [7, 2, 3, 5]);
    testShape(zeros([3]).matmul(zeros([3])), []);
  });

  it("is the shape of the value, reduced", () => {
    testShape(x.sum(), []);
    testShape(x.mean({ axis: 1 }), [2, 4]);
    testShape(x.max({ axis: [0, -1], keepDims: true }), [1, 3, 1]);
    testShape(x.prod({ axis: [] }), [2, 3, 4]);
    testShape(x.argMin({ axis: -3 }), [3, 4]);
    testShape(x.argMax(), []);
    testShape(x.greater(0).all({ axis: 0, keepDims: true }), [1, 3, 4]);
    testShape(x.variance({ axis: 2 }), [2, 3]);
    testShape(x.logSumExp({ axis: [1, 2] }), [2]);
  });

  it("is the shape of the value, seen otherwise", () => {
    testShape(x.reshape([6, 4]), [6, 4]);
    testShape(x.flatten(), [24]);
    testShape(x.transpose(), [4, 3, 2]);
    testShape(x.transpose([1, 0, -1]), [3, 2, 4]);
    testShape(x.expandDims({ axis: -2 }), [2, 3, 1, 4]);
    testShape(zeros([1, 3, 1]).squeeze(), [3]);
    testShape(zeros([1, 3, 1]).squeeze({ axis: 2 }), [1, 3]);
    testShape(x.slice(0, null, -1), [3]);
    testShape(reverse(x, { axis: 1 }), [2, 3, 4]);
    testShape(x.gather(labels, { axis: 1 }), [2, 5, 4]);
    testShape(concat([x, x, x], { axis: 1 }), [2, 9, 4]);
    testShape(stack([labels, labels], { axis: -1 }), [5, 2]);
    testShape(oneHot(labels, 10), [5, 10]);
  });

  it("is refused where it is another", () => {
    // @ts-expect-error the type says (6, 4)
    expect(() => testShape(x.reshape([6, 4]), [4, 6])).toThrow();
  });
});

import { describe, expect, it } from "vitest";
import { parameterAt } from "../backends/wasm/kernels/matmul.ts";
import { ValueError } from "../core/errors.ts";
import { findNativeProducts, type Koffi } from "./native-products.ts";
import type { NativeProducts } from "./platform.ts";

type Call = readonly [name: string, ...args: number[]];

/** A koffi whose libraries have these functions, and what was called in them. */
function fakeKoffi(libraries: Record<string, Record<string, unknown>>): { koffi: Koffi; calls: Call[] } {
  const calls: Call[] = [];
  const koffi: Koffi = {
    load(path) {
      const functions = libraries[path];
      if (functions === undefined) throw new Error("no such file");
      return {
        func(name) {
          if (!(name in functions)) throw new Error("no such function");
          return (...args) => {
            calls.push([name, ...args]);
            return functions[name];
          };
        },
      };
    },
    address: ({ buffer }) => BigInt(buffer.byteLength) * 1000n,
  };
  return { koffi, calls };
}

const cblas = { cblas_sgemm: null, cblas_dgemm: null };
const openBlas = {
  ...cblas,
  openblas_get_config: "OpenBLAS 0.3.21 DYNAMIC_ARCH",
  openblas_get_corename: "Zen",
  openblas_set_num_threads: null,
};

function find(
  libraries: Record<string, Record<string, unknown>>,
  asked: boolean | string = true,
  system = "linux",
): { native: NativeProducts | null; why: string; calls: Call[] } {
  const { koffi, calls } = fakeKoffi(libraries);
  return { ...findNativeProducts({ asked, profile: "fast", threads: 3, system }, () => koffi), calls };
}

function productsIn(...args: Parameters<typeof find>): { products: NativeProducts; calls: Call[] } {
  const { native, why, calls } = find(...args);
  if (native === null) throw new Error(why);
  return { products: native, calls };
}

describe("a BLAS is looked for", () => {
  it.each([true, "1"])("by the usual names, in order: %j", (asked) => {
    const { native, why } = find({ "libopenblas.so": openBlas, "libmkl_rt.so": cblas }, asked);
    expect(native).not.toBeNull();
    expect(why).toBe("libopenblas.so (OpenBLAS 0.3.21 for Zen), for products of 65536 multiplications and more");
    expect(find({ "libmkl_rt.so": cblas, "libopenblas.so": {} }, asked).why).toMatch(/^libmkl_rt\.so, for/);
  });

  it("where the system keeps one", () => {
    const accelerate = "/System/Library/Frameworks/Accelerate.framework/Accelerate";
    expect(find({ [accelerate]: cblas }, true, "darwin").why).toMatch(`${accelerate}, for`);
    expect(find({ "openblas.dll": openBlas }, true, "win32").why).toMatch(/^openblas\.dll \(/);
  });

  it("and there may be none, or no koffi", () => {
    expect(find({})).toMatchObject({ native: null });
    expect(find({}).why).toMatch(/^no: none of libopenblas\.so\.0, .* Install OpenBLAS, or name/);
    const request = { asked: true, profile: "fast", threads: 1, system: "linux" };
    const missing = (): never => {
      throw new Error("Cannot find module");
    };
    const { native, why } = findNativeProducts(request, missing);
    expect(native).toBeNull();
    expect(why).toMatch(/^no: .* not installed: npm install koffi$/);
    expect(() => findNativeProducts({ ...request, asked: "x.so" }, missing)).toThrow(/"x\.so": .*npm install koffi/);
  });

  it.each([false, "", "0"])("only when asked: not for %j, and koffi is not even loaded", (asked) => {
    const { native, why } = findNativeProducts({ asked, profile: "exact", threads: 1, system: "linux" }, () => {
      throw new Error("loaded");
    });
    expect(native).toBeNull();
    expect(why).toBe("no: engine.configure({ blas: true }) or GRADWISE_BLAS=1 asks for it");
  });
});

it.each([
  [{}, /"my\.so": no such file\. Name a library with the C interface/],
  [{ "my.so": { cblas_sgemm: null } }, /"my\.so": it has no cblas_sgemm and cblas_dgemm/],
  [
    { "my.so": { ...openBlas, openblas_get_config: "OpenBLAS 0.3.21 USE64BITINT" } },
    /"my\.so": its integers have 64 bits/,
  ],
])("a library that was named must be of use: %j", (libraries, message) => {
  const attempt = () => find({ "libopenblas.so.0": openBlas, ...libraries }, "my.so");
  expect(attempt).toThrow(ValueError);
  expect(attempt).toThrow(message);
});

it("takes products by their shape: large ones without a short side", () => {
  const { products } = productsIn({ "libopenblas.so.0": openBlas });
  const sizes = [[64, 64, 16], [64, 64, 15], [64, 32, 31], [1, 1024, 1024], [1024, 15, 1024], [32, 128, 784], [64, 64, 0]] as const; // biome-ignore format: a list
  expect(sizes.map(([m, n, k]) => products.takes(m, n, k))).toEqual([true, false, false, false, false, true, false]);
});

/** Arguments of a kernel by their names, as the backend orders them. */
function kernelArgs(named: Readonly<Record<string, number>>): number[] {
  const args = new Array<number>(15).fill(0);
  for (const [name, value] of Object.entries(named))
    args[parameterAt(name as Parameters<typeof parameterAt>[0])] = value;
  return args;
}

describe("a kernel", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4 });
  const operands = { a: 64, b: 128, c: 1024, m: 2, n: 3, k: 4, lineA: 16, lineB: 12, lineC: 12 };

  it("calls BLAS for each item of a batch, with the memory's address as it is now", () => {
    const { products, calls } = productsIn({ "libopenblas.so.0": openBlas });
    const kernel = products.kernel("matmul_f32_nt", memory);
    const before = calls.length;
    kernel(...kernelArgs({ ...operands, batch: 2, strideA: 32, strideC: 24 }));
    const at = memory.buffer.byteLength * 1000;
    expect(calls.slice(before)).toEqual([
      ["openblas_set_num_threads", 3],
      ["cblas_sgemm", 101, 111, 112, 2, 3, 4, 1, at + 64, 4, at + 128, 3, 0, at + 1024, 3],
      ["cblas_sgemm", 101, 111, 112, 2, 3, 4, 1, at + 96, 4, at + 128, 3, 0, at + 1048, 3],
    ]);
    memory.grow(1);
    kernel(...kernelArgs({ ...operands, batch: 1 }));
    expect(calls.at(-1)?.[8]).toBe(memory.buffer.byteLength * 1000 + 64);
    expect(calls.filter(([name]) => name === "openblas_set_num_threads")).toHaveLength(1);
  });

  it("fills the rows with the bias, which BLAS adds to", () => {
    const { products, calls } = productsIn({ "libopenblas.so.0": openBlas });
    new Float64Array(memory.buffer, 256, 3).set([1, 2, 3]);
    const wide = { ...operands, lineA: 16, lineB: 24, lineC: 32 };
    products.kernel("matmul_f64_tn", memory)(...kernelArgs({ ...wide, bias: 256, batch: 1 }));
    const at = memory.buffer.byteLength * 1000;
    expect(calls.at(-1)).toEqual(["cblas_dgemm", 101, 112, 111, 2, 3, 4, 1, at + 64, 2, at + 128, 3, 1, at + 1024, 4]);
    expect([...new Float64Array(memory.buffer, 1024, 8)]).toEqual([1, 2, 3, 0, 1, 2, 3, 0]);
  });

  it("takes addresses above 2 GiB, which come as negative numbers", () => {
    const { products, calls } = productsIn({ "libopenblas.so.0": openBlas });
    products.kernel("matmul_f32_nn", memory)(...kernelArgs({ ...operands, a: -64, batch: 1 }));
    expect(calls.at(-1)?.[8]).toBe(memory.buffer.byteLength * 1000 + 2 ** 32 - 64);
  });
});

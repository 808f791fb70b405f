import { ValueError } from "../core/errors.ts";
import type { NativeProducts, Platform } from "./platform.ts";

/** What is used of koffi, which calls C functions without a compiler. */
export interface Koffi {
  load(path: string): { func(name: string, result: string, parameters: readonly string[]): NativeFunction };
  /** Where an array's bytes lie in the process. */
  address(bytes: Uint8Array): bigint;
}

type NativeFunction = (...args: readonly number[]) => unknown;

const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  darwin: [
    "/System/Library/Frameworks/Accelerate.framework/Accelerate",
    "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
    "libopenblas.dylib",
  ],
  win32: ["libopenblas.dll", "openblas.dll", "mkl_rt.2.dll", "mkl_rt.dll"],
};
const ELSEWHERE = ["libopenblas.so.0", "libopenblas.so", "libmkl_rt.so.2", "libmkl_rt.so"];

/** Multiplications that are worth a call out of WebAssembly. Shapes alone decide, so that a program's bits never change. */
const LEAST = 2 ** 16;
/** With a shorter side OpenBLAS on several threads is slower than the kernels here on one. */
const NARROW = 16;

/** As in <cblas.h>, for libraries whose int has 32 bits; addresses come as numbers. */
const parametersOf = (real: string): string[] =>
  `int int int int int int ${real} uintptr_t int uintptr_t int ${real} uintptr_t int`.split(" ");
const [ROW_MAJOR, PLAIN, TRANSPOSED] = [101, 111, 112];

/** A library's functions for products. */
interface Library {
  readonly name: string;
  readonly products: Readonly<Record<string, NativeFunction>>;
  /** Sets how many threads of its own it has; null where that is up to the library. */
  readonly setThreads: NativeFunction | null;
}

/** What an engine asks for. */
interface Request {
  /** The option, or GRADWISE_BLAS: true and "1" look in the usual places, other text names a library. */
  readonly asked: boolean | string;
  readonly profile: string;
  readonly threads: number;
  /** As `process.platform` has it. */
  readonly system: string;
}

/** Products by an installed BLAS on the heap's own memory: it is given addresses, and nothing is copied. */
export function findNativeProducts(
  { asked, profile, threads, system }: Request,
  loadKoffi: () => Koffi,
): ReturnType<Platform["nativeProducts"]> {
  const none = (why: string) => ({ native: null, why: `no: ${why}` });
  if (asked === false || asked === "" || asked === "0") {
    return none("engine.configure({ blas: true }) or GRADWISE_BLAS=1 asks for it");
  }
  if (profile === "exact") {
    throw refused(
      'profile "exact" takes no BLAS, whose bits differ. Leave out blas (or GRADWISE_BLAS), or take "fast".',
    );
  }
  const name = asked === true || asked === "1" ? null : asked;
  let koffi: Koffi;
  try {
    koffi = loadKoffi();
  } catch {
    const trouble = "native libraries are called by the package koffi, which is not installed: npm install koffi";
    if (name !== null) throw refused(`cannot use the BLAS "${name}": ${trouble}`);
    return none(trouble);
  }
  if (name !== null) return productsOf(koffi, namedLibrary(koffi, name), threads);
  const candidates = LIBRARIES[system] ?? ELSEWHERE;
  for (const path of candidates) {
    const library = openLibrary(koffi, path);
    if (typeof library !== "string") return productsOf(koffi, library, threads);
  }
  return none(
    `none of ${candidates.join(", ")} is a BLAS that can be loaded. Install OpenBLAS, or name a library's path`,
  );
}

function refused(why: string): ValueError {
  return new ValueError(`engine.configure: ${why}`);
}

function namedLibrary(koffi: Koffi, path: string): Library {
  const library = openLibrary(koffi, path);
  if (typeof library !== "string") return library;
  throw refused(
    `cannot use the BLAS "${path}": ${library}. Name a library with the C interface, such as libopenblas.so.0, ` +
      "or say blas: true to look for one.",
  );
}

/** The library, or why it is of no use. */
function openLibrary(koffi: Koffi, path: string): Library | string {
  let open: ReturnType<Koffi["load"]>;
  try {
    open = koffi.load(path);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const find = (name: string, result: string, parameters: readonly string[]): NativeFunction | null => {
    try {
      return open.func(name, result, parameters);
    } catch {
      return null;
    }
  };
  const config = String(find("openblas_get_config", "str", [])?.() ?? "");
  if (config.includes("USE64BITINT")) return "its integers have 64 bits";
  const single = find("cblas_sgemm", "void", parametersOf("float"));
  const double = find("cblas_dgemm", "void", parametersOf("double"));
  if (single === null || double === null) return "it has no cblas_sgemm and cblas_dgemm";
  const version = /^OpenBLAS [\d.]+/.exec(config)?.[0];
  const core = find("openblas_get_corename", "str", [])?.();
  const known = version === undefined ? "" : ` (${version}${core === undefined ? "" : ` for ${String(core)}`})`;
  return {
    name: path + known,
    products: { f32: single, f64: double },
    setThreads: find("openblas_set_num_threads", "void", ["int"]),
  };
}

function productsOf(koffi: Koffi, library: Library, threads: number): ReturnType<Platform["nativeProducts"]> {
  const { name, products } = library;
  const native: NativeProducts = {
    takes: (m, n, k) => m * n * k >= LEAST && Math.min(m, n, k) >= NARROW,
    kernel(kernelName, memory) {
      const [, type, order] = /matmul_(f32|f64)_([nt]{2})$/.exec(kernelName) ?? [];
      const place = new MemoryPlace(koffi, memory);
      const orders = [...order].map((letter) => (letter === "t" ? TRANSPOSED : PLAIN));
      const multiply = multiplication(products[type], place, orders, type === "f32" ? 4 : 8);
      return (...args) => {
        useThreads(library, threads);
        multiply(...args);
      };
    },
  };
  return { native, why: `${name}, for products of ${LEAST} multiplications and more` };
}

/** By path: a library is loaded once in a process, and so is its count of threads, which engines may want to differ. */
const threadsSet = new Map<string, number>();

function useThreads({ name, setThreads }: Library, threads: number): void {
  if (setThreads === null || threadsSet.get(name) === threads) return;
  setThreads(threads);
  threadsSet.set(name, threads);
}

/** C = A B + bias for each item of a batch: beta = 1 adds to the rows of bias that C holds at first. */
function multiplication(
  product: NativeFunction,
  place: MemoryPlace,
  [orderA, orderB]: readonly number[],
  size: 4 | 8,
): (...args: number[]) => void {
  // The parameters of the kernels that it stands for: all of 32 bits, which come signed.
  return (a, b, c, bias, m, n, k, batch, strideA, strideB, strideC, lineA, lineB, lineC) => {
    place.find();
    const at = place.address;
    const beta = bias === 0 ? 0 : 1;
    const [lda, ldb, ldc] = [lineA / size, lineB / size, lineC / size];
    for (let item = 0; item < batch; item++) {
      const to = (c >>> 0) + item * strideC;
      if (beta === 1) place.fillRows(to, lineC, m, bias >>> 0, n * size);
      const [fromA, fromB] = [at + (a >>> 0) + item * strideA, at + (b >>> 0) + item * strideB];
      product(ROW_MAJOR, orderA, orderB, m, n, k, 1, fromA, lda, fromB, ldb, beta, at + to, ldc);
    }
  };
}

/** Where a WebAssembly memory lies in the process. */
class MemoryPlace {
  address = 0;
  readonly #koffi: Koffi;
  readonly #memory: WebAssembly.Memory;
  #bytes: Uint8Array<ArrayBufferLike> = new Uint8Array();

  constructor(koffi: Koffi, memory: WebAssembly.Memory) {
    this.#koffi = koffi;
    this.#memory = memory;
  }

  /** A memory that grew has another buffer, and an unshared one may have moved. */
  find(): void {
    const { buffer } = this.#memory;
    if (buffer === this.#bytes.buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.address = Number(this.#koffi.address(this.#bytes));
  }

  /** Copies a row to `count` rows that begin `line` bytes apart. */
  fillRows(to: number, line: number, count: number, from: number, length: number): void {
    for (let row = 0; row < count; row++) this.#bytes.copyWithin(to + row * line, from, from + length);
  }
}

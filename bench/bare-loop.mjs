// A WebAssembly module written by hand, so that the ceiling does not depend on any library's code generator.
const turns = 200_000;
const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

const unsigned = (value) => {
  const bytes = [];
  do {
    const low = value & 0x7f;
    value >>>= 7;
    bytes.push(value ? low | 0x80 : low);
  } while (value);
  return bytes;
};
const section = (id, bytes) => [id, ...unsigned(bytes.length), ...bytes];
const simd = (opcode) => [0xfd, ...unsigned(opcode)];
const get = (local) => [0x20, ...unsigned(local)];
const set = (local) => [0x21, ...unsigned(local)];
const splat = (value) => [0x43, ...new Uint8Array(Float32Array.of(value).buffer), ...simd(19)]; // f32x4.splat

const ops = {
  mul: simd(230),
  add: simd(228),
  madd: simd(0x105),
  loadSplat: [...simd(9), 2, 0],
  store: [...simd(11), 4, 0],
};

/** sum = sum * x + y in every chain, in registers; where `reload`, sum + x * y with x read from one line of memory. */
function loopBody({ chains, reload, fused }) {
  const [x, y] = [1, 2];
  const sums = Array.from({ length: chains }, (_, i) => 3 + i);
  const turn = sums.flatMap((sum, i) => {
    const load = reload && i % 2 === 0 ? [0x41, ...unsigned(4 * (i % 8)), ...ops.loadSplat, ...set(x)] : [];
    if (fused)
      return [...load, ...get(reload ? y : sum), ...get(x), ...get(reload ? sum : y), ...ops.madd, ...set(sum)];
    const product = [...get(reload ? y : sum), ...get(x), ...ops.mul];
    return [...load, ...(reload ? [...get(sum), ...product] : [...product, ...get(y)]), ...ops.add, ...set(sum)];
  });
  const again = [...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0]; // until --n is 0
  const stores = sums.flatMap((sum) => [0x41, 0, ...get(sum), ...ops.store]); // or the loop would be dropped
  return [...splat(0.999), ...set(x), ...splat(1e-3), ...set(y), 0x03, 0x40, ...turn, ...again, 0x0b, ...stores, 0x0b];
}

function moduleOf(options) {
  const code = [1, ...unsigned(2 + options.chains), 0x7b, ...loopBody(options)]; // locals: v128
  return new Uint8Array([
    ...magic,
    ...section(1, [1, 0x60, 1, 0x7f, 0]), // (i32) -> ()
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]), // one page
    ...section(7, [1, 3, 0x72, 0x75, 0x6e, 0, 0]), // "run"
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

function loop(options) {
  const module = moduleOf(options);
  if (!WebAssembly.validate(module)) return undefined;
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(module)).exports;
  return () => {
    run(turns);
    return turns * options.chains * 8; // 4 lanes, a product and a sum
  };
}

/** Loops that return the operations they did; none of FMA where the machine's engine has no relaxed SIMD. */
export function bareLoops() {
  const kinds = [
    { chains: 8, reload: true },
    { chains: 12, reload: false },
    { chains: 13, reload: false },
  ];
  const made = (fused) => kinds.map((kind) => loop({ ...kind, fused })).filter(Boolean);
  return { multiplyAdd: made(false), fma: made(true) };
}

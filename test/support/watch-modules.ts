/** A module that was compiled: its size, and how many functions it has of its own. */
export interface CompiledModule {
  readonly bytes: number;
  readonly functions: number;
}

const CODE_SECTION = 10;
const HEADER_BYTES = 8;

/** Runs `body` and tells which WebAssembly modules it compiled, the largest first. */
export async function watchModules(body: () => Promise<void>): Promise<CompiledModule[]> {
  const seen: CompiledModule[] = [];
  const plain = WebAssembly.Module;
  WebAssembly.Module = new Proxy(plain, {
    construct(target, [bytes]: [Uint8Array<ArrayBuffer>]) {
      seen.push({ bytes: bytes.length, functions: functionsIn(bytes) });
      return new target(bytes);
    },
  });
  try {
    await body();
  } finally {
    WebAssembly.Module = plain;
  }
  return seen.sort((a, b) => b.bytes - a.bytes);
}

/** The count with which a module's code section begins. */
function functionsIn(bytes: Uint8Array): number {
  let at = HEADER_BYTES;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] as number;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const size = number();
    if (section === CODE_SECTION) return number();
    at += size;
  }
  return 0;
}

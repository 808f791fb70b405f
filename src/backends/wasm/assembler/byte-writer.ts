const initialCapacity = 256;

// One scratch cell turns floats into their little-endian bytes whatever the host's byte order.
const scratch = new DataView(new ArrayBuffer(8));

/** A growing byte buffer: doubling, so that writing n bytes costs O(n). */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(initialCapacity);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  append(source: ArrayLike<number>): void {
    if (this.#length + source.length > this.#bytes.length) this.#grow(source.length);
    this.#bytes.set(source, this.#length);
    this.#length += source.length;
  }

  /** Unsigned LEB128 of an integer in [0, 2^32). */
  u32(value: number): void {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Signed LEB128 of an integer taken modulo 2^32: 4 GiB addresses may be given unsigned. */
  s32(value: number): void {
    let rest = value | 0;
    while (rest < -0x40 || rest > 0x3f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.byte(rest & 0x7f);
  }

  /** Signed LEB128 of an integer taken modulo 2^64. */
  s64(value: bigint): void {
    let rest = BigInt.asIntN(64, value);
    while (rest < -0x40n || rest > 0x3fn) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest & 0x7fn));
  }

  i32(value: number): void {
    scratch.setInt32(0, value, true);
    this.#appendScratch(4);
  }

  f32(value: number): void {
    scratch.setFloat32(0, value, true);
    this.#appendScratch(4);
  }

  f64(value: number): void {
    scratch.setFloat64(0, value, true);
    this.#appendScratch(8);
  }

  /** Length-prefixed UTF-8, as the binary format writes names. */
  name(text: string): void {
    const encoded = new TextEncoder().encode(text);
    this.u32(encoded.length);
    this.append(encoded);
  }

  /** A view of what was written: valid until the next write. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #appendScratch(count: number): void {
    for (let i = 0; i < count; i++) this.byte(scratch.getUint8(i));
  }

  #grow(extra: number): void {
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + extra));
    grown.set(this.view());
    this.#bytes = grown;
  }
}

/**
 * safetensors (https://github.com/huggingface/safetensors): the length of the header as eight little-endian bytes, the
 * header as JSON, `{name: {dtype, shape, data_offsets: [begin, end]}, "__metadata__": {key: text}}`, then the values of
 * all tensors, row-major and little-endian, without holes. As every machine that runs V8 with WebAssembly is
 * little-endian, arrays are written and read as they lie in memory.
 */
export type { NamedArray } from "./named-array.ts";
export { readSafetensors, type Safetensors } from "./read-safetensors.ts";
export { writeSafetensors } from "./write-safetensors.ts";

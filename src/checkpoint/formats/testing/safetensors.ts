/** For tests: writes safetensors files, sound and broken ones. */
import type { ViTMAEConfig } from '../../../mae/config.ts';
import { expectedTensors } from '../../names/parameters.ts';

export interface WrittenTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Any text as a header, padded to nothing, before any data. */
export function rawFile(
  header: string | Uint8Array,
  data: Uint8Array = new Uint8Array(),
): Uint8Array<ArrayBuffer> {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + text.byteLength + data.byteLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.byteLength), true);
  file.set(text, 8);
  file.set(data, 8 + text.byteLength);
  return file;
}

/** A sound file: data in the order of `tensors`, names in the header in that order or reversed. */
export function writeSafetensors(
  tensors: readonly WrittenTensor[],
  metadata?: Readonly<Record<string, string>>,
  reversed = false,
): Uint8Array<ArrayBuffer> {
  const entries: [string, unknown][] = [];
  let end = 0;
  for (const { name, dtype, shape, bytes } of tensors) {
    entries.push([name, { dtype, shape, data_offsets: [end, end + bytes.byteLength] }]);
    end += bytes.byteLength;
  }
  if (reversed) entries.reverse();
  if (metadata !== undefined) entries.unshift(['__metadata__', metadata]);
  const data = new Uint8Array(end);
  let at = 0;
  for (const { bytes } of tensors) {
    data.set(bytes, at);
    at += bytes.byteLength;
  }
  return rawFile(JSON.stringify(Object.fromEntries(entries)), data);
}

/** Every tensor of a model, as float32: the values of the k-th tensor are k, k + 1/256, k + 2/256 … */
export function modelTensors(config: ViTMAEConfig): WrittenTensor[] {
  return [...expectedTensors(config)].map(([name, shape], k) => {
    const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
    for (let i = 0; i < values.length; i++) values[i] = k + i / 256;
    return { name, dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) };
  });
}

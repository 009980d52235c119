/**
 * For tests: what the real Python libraries answered, as tools/reference/README.md describes it. Read through
 * Vite rather than node:fs, so that this file also type-checks with the page, which has no Node types.
 */

/** An array as the fixtures write it: row-major, little-endian. */
export interface StoredArray {
  readonly dtype: keyof typeof ARRAY_TYPES;
  readonly shape: readonly number[];
  readonly base64: string;
}

const ARRAY_TYPES = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};

const FILES = import.meta.glob<string>('../../tools/reference/fixtures/*.json', {
  query: '?raw',
  import: 'default',
});

/** The content of tools/reference/fixtures/<name>.json; its type is the caller's claim. */
export async function readFixture<T>(name: string): Promise<T> {
  const read = FILES[`../../tools/reference/fixtures/${name}.json`];
  if (read === undefined) throw new Error(`There is no fixture ${name}; see tools/reference/README.md.`);
  return JSON.parse(await read()) as T;
}

export function float32Array(stored: StoredArray): Float32Array {
  return decode(stored, 'float32') as Float32Array;
}

export function float64Array(stored: StoredArray): Float64Array {
  return decode(stored, 'float64') as Float64Array;
}

export function uint8Array(stored: StoredArray): Uint8Array {
  return decode(stored, 'uint8') as Uint8Array;
}

/** Lower-case hex of the array's bytes; every machine that runs the tests is little-endian. */
export async function sha256(array: ArrayBufferView<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', array);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function decode(
  stored: StoredArray,
  dtype: StoredArray['dtype'],
): InstanceType<(typeof ARRAY_TYPES)[typeof dtype]> {
  if (stored.dtype !== dtype) throw new TypeError(`The fixture holds ${stored.dtype}, not ${dtype}.`);
  const bytes = Uint8Array.from(atob(stored.base64), (char) => char.charCodeAt(0));
  return new ARRAY_TYPES[dtype](bytes.buffer);
}

/** For tests: pickles, put together instruction by instruction, and PyTorch files around them. */
import { readFileSync } from 'node:fs';
import type { WrittenTensor } from './safetensors.ts';
import { type WrittenEntry, writeZip, type ZipOptions } from './zip.ts';

/** Instructions that leave one value on the stack. */
export type Code = readonly number[];

const TYPES: ReadonlyMap<string, string> = new Map([
  ['F32', 'FloatStorage'],
  ['F16', 'HalfStorage'],
  ['BF16', 'BFloat16Storage'],
  ['F64', 'DoubleStorage'],
  ['I64', 'LongStorage'],
]);

const u32 = (value: number) => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
const ascii = (text: string) => [...new TextEncoder().encode(text)];

export const none: Code = [0x4e];
export const yes: Code = [0x88];
export const no: Code = [0x89];

export function text(value: string): Code {
  const bytes = ascii(value);
  return [0x58, ...u32(bytes.length), ...bytes];
}

export function int(value: number): Code {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return [0x4a, ...u32(value)];
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (let i = 0; i < 8; i++) {
    bytes.push(Number(rest & 0xffn));
    rest >>= 8n;
  }
  return [0x8a, 8, ...bytes];
}

export function tuple(...items: readonly Code[]): Code {
  return [0x28, ...items.flat(), 0x74];
}

export function list(...items: readonly Code[]): Code {
  return [0x5d, 0x28, ...items.flat(), 0x65];
}

export function dict(entries: readonly (readonly [Code, Code])[]): Code {
  return [0x7d, 0x28, ...entries.flatMap(([key, value]) => [...key, ...value]), 0x75];
}

/** `dotted` is split at its last dot. */
export function global(dotted: string): Code {
  const at = dotted.lastIndexOf('.');
  return [0x63, ...ascii(`${dotted.slice(0, at)}\n${dotted.slice(at + 1)}\n`)];
}

export function call(callable: Code, ...args: readonly Code[]): Code {
  return [...callable, ...tuple(...args), 0x52];
}

export function build(object: Code, state: Code): Code {
  return [...object, ...state, 0x62];
}

export function storage(key: string, length: number | Code, type = 'torch.FloatStorage'): Code {
  const count = typeof length === 'number' ? int(length) : length;
  return [...tuple(text('storage'), global(type), text(key), text('cpu'), count), 0x51];
}

export interface PickledView {
  readonly storage: Code;
  readonly offset?: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

export function tensor({ storage: memory, offset = 0, shape, strides }: PickledView): Code {
  return call(
    global('torch._utils._rebuild_tensor_v2'),
    memory,
    int(offset),
    tuple(...shape.map(int)),
    tuple(...strides.map(int)),
    no,
    call(global('collections.OrderedDict')),
  );
}

/** Two values, in the storage called 0. */
export const TWO: Code = tensor({ storage: storage('0', 2), shape: [2], strides: [1] });

/** A dict as models have them: by names. */
export function state(...entries: readonly (readonly [string, Code])[]): Code {
  return dict(entries.map(([name, value]) => [text(name), value]));
}

/** The bytes of float32 values. */
export function floats(...values: readonly number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** A whole pickle. */
export function pickled(code: Code, protocol = 2): Uint8Array {
  return Uint8Array.from([0x80, protocol, ...code, 0x2e]);
}

const REAL_FILES = new URL('../../../../tools/reference/formats/', import.meta.url);

/** What the real library wrote. */
export function realFile(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(path, REAL_FILES)));
}

/** A PyTorch file around a pickle; `storages` by key. */
export function torchZip(
  code: Code | Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = {},
  more: readonly WrittenEntry[] = [],
  options: ZipOptions = { descriptors: true, zip64: true, padding: 17 },
): Uint8Array<ArrayBuffer> {
  return writeZip(
    [
      { name: 'archive/data.pkl', data: code instanceof Uint8Array ? code : pickled(code) },
      ...Object.entries(storages).map(([key, data]) => ({ name: `archive/data/${key}`, data })),
      ...more,
    ],
    options,
  );
}

/** Tensors as torch.save writes them, below `key` where there is one, with other things beside it. */
export function writeTorch(
  tensors: readonly WrittenTensor[],
  key?: string,
  beside: readonly (readonly [Code, Code])[] = [],
): Uint8Array<ArrayBuffer> {
  const storages: Record<string, Uint8Array> = {};
  const entries = tensors.map(({ name, dtype, shape, bytes }, i): [Code, Code] => {
    storages[i] = bytes;
    const values = shape.reduce((product, side) => product * side, 1);
    const strides = shape.map((_, d) => shape.slice(d + 1).reduce((product, side) => product * side, 1));
    const type = `torch.${TYPES.get(dtype) ?? dtype}`;
    return [text(name), tensor({ storage: storage(String(i), values, type), shape, strides })];
  });
  const root =
    key === undefined ? dict([...entries, ...beside]) : dict([[text(key), dict(entries)], ...beside]);
  return torchZip(root, storages);
}

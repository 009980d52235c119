import { describe, expect, test } from 'vitest';
import { type ByteSource, memorySource } from '../bytes/bytes.ts';
import { readSafetensorsHeader } from './safetensors.ts';
import { rawFile } from './testing/safetensors.ts';

const read = (bytes: Uint8Array<ArrayBuffer>) => readSafetensorsHeader(memorySource('file', bytes));

const ONE = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
const entry = (fields: string) => `{"a":{${fields}}}`;
const data = (bytes: number) => new Uint8Array(bytes);

/** A length of header, and then these bytes. */
function claiming(length: bigint, rest: string): Uint8Array<ArrayBuffer> {
  const file = rawFile(rest);
  new DataView(file.buffer).setBigUint64(0, length, true);
  return file;
}

const BAD: readonly (readonly [string, Uint8Array<ArrayBuffer>, string])[] = [
  ['empty', data(0), 'it has 0 bytes, and the length of its header alone takes 8'],
  ['of seven bytes', data(7), 'it has 7 bytes, and the length of its header alone takes 8'],
  [
    'with a header over the limit',
    claiming(100_000_001n, '{}'),
    'its header claims 100000001 bytes, and 100000000 is the most that the format allows',
  ],
  [
    'with the longest header',
    claiming(2n ** 64n - 1n, '{}'),
    'its header claims 18446744073709551615 bytes, and 100000000 is the most that the format allows',
  ],
  ['cut inside its header', claiming(441n, '{}'), 'it ends inside its header: expected 439 more bytes'],
  [
    'that begins with text',
    new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:00'),
    'its header claims 2336927755350992246 bytes, and 100000000 is the most that the format allows',
  ],
  ['with an empty header', rawFile(''), 'its header is not JSON'],
  ['not in UTF-8', rawFile(Uint8Array.of(0x7b, 0xff, 0x7d)), 'its header is not UTF-8 text'],
  ['with a byte order mark', rawFile('\ufeff{}'), 'its header is not JSON'],
  ['padded with zeros', rawFile('{}\0\0'), 'its header is not JSON'],
  ['with half a header', rawFile(`{"a":${ONE}`, data(4)), 'its header is not JSON'],
  ['whose header is a list', rawFile('[]'), 'its header is not a JSON object'],
  ['whose header is null', rawFile('null'), 'its header is not a JSON object'],
  [
    'nested deeply',
    rawFile(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`),
    'its header is nested deeper than the format is',
  ],
  [
    'with a tensor twice',
    rawFile(`{"a":${ONE},"a":${ONE}}`, data(4)),
    'the name "a" occurs twice in its header',
  ],
  [
    'with a tensor twice, spelled differently',
    rawFile(`{"a":${ONE},\n"\\u0061" :${ONE}}`, data(4)),
    'the name "a" occurs twice in its header',
  ],
  [
    'with a field twice',
    rawFile(entry('"dtype":"F16","dtype":"F32","shape":[1],"data_offsets":[0,4]'), data(4)),
    'the name "dtype" occurs twice in its header',
  ],
  [
    'with a metadata key twice',
    rawFile('{"__metadata__":{"format":"pt","format":"np"}}'),
    'the name "format" occurs twice in its header',
  ],
  [
    'with metadata that is null',
    rawFile('{"__metadata__":null}'),
    'its __metadata__ is null, not an object of strings',
  ],
  [
    'with metadata that is a list',
    rawFile('{"__metadata__":["pt"]}'),
    'its __metadata__ is a list, not an object of strings',
  ],
  [
    'with a number as metadata',
    rawFile('{"__metadata__":{"epoch":3}}'),
    '"epoch" in its __metadata__ is 3, not a string',
  ],
  ['with a tensor that is a number', rawFile('{"a":1}'), 'tensor "a" is described by 1, not by an object'],
  ['with a tensor that is null', rawFile('{"a":null}'), 'tensor "a" is described by null, not by an object'],
  ['without dtype', rawFile(entry('"shape":[1],"data_offsets":[0,4]'), data(4)), 'tensor "a" has no dtype'],
  ['without shape', rawFile(entry('"dtype":"F32","data_offsets":[0,4]'), data(4)), 'tensor "a" has no shape'],
  [
    'without data_offsets',
    rawFile(entry('"dtype":"F32","shape":[1]'), data(4)),
    'tensor "a" has no data_offsets',
  ],
  [
    'with a field too many',
    rawFile(entry('"dtype":"F32","shape":[1],"data_offsets":[0,4],"strides":[1]'), data(4)),
    'tensor "a" has an unknown field "strides"',
  ],
  [
    'with an unknown type',
    rawFile(entry('"dtype":"F33","shape":[1],"data_offsets":[0,4]'), data(4)),
    'tensor "a" has the unknown type "F33"',
  ],
  [
    'with a type that every object has',
    rawFile(entry('"dtype":"toString","shape":[1],"data_offsets":[0,4]'), data(4)),
    'tensor "a" has the unknown type "toString"',
  ],
  [
    'with a type that is a number',
    rawFile(entry('"dtype":32,"shape":[1],"data_offsets":[0,4]'), data(4)),
    'tensor "a" has the unknown type 32',
  ],
  [
    'with a shape that is a number',
    rawFile(entry('"dtype":"F32","shape":1,"data_offsets":[0,4]'), data(4)),
    'tensor "a" has a shape that is not a list of whole numbers from 0 on',
  ],
  [
    'with a negative side',
    rawFile(entry('"dtype":"F32","shape":[-1],"data_offsets":[0,4]'), data(4)),
    'tensor "a" has a shape that is not a list of whole numbers from 0 on',
  ],
  [
    'with half a side',
    rawFile(entry('"dtype":"F32","shape":[1.5],"data_offsets":[0,6]'), data(6)),
    'tensor "a" has a shape that is not a list of whole numbers from 0 on',
  ],
  [
    'with a side that doubles cannot hold',
    rawFile(entry('"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]'), data(4)),
    'tensor "a" has a shape that is not a list of whole numbers from 0 on',
  ],
  [
    'with a side as text',
    rawFile(entry('"dtype":"F32","shape":["1"],"data_offsets":[0,4]'), data(4)),
    'tensor "a" has a shape that is not a list of whole numbers from 0 on',
  ],
  [
    'with a shape that overflows',
    rawFile(entry('"dtype":"F32","shape":[1099511627776,1099511627776],"data_offsets":[0,4]'), data(4)),
    'tensor "a" has a shape too large to exist: [1099511627776, 1099511627776]',
  ],
  [
    'with a shape that overflows before it is zero',
    rawFile(entry('"dtype":"F32","shape":[1099511627776,1099511627776,0],"data_offsets":[0,0]')),
    'tensor "a" has a shape too large to exist: [1099511627776, 1099511627776, 0]',
  ],
  [
    'with negative offsets',
    rawFile(entry('"dtype":"F32","shape":[1],"data_offsets":[-4,0]'), data(4)),
    'tensor "a" has data_offsets that are not a list of whole numbers from 0 on',
  ],
  [
    'with one offset',
    rawFile(entry('"dtype":"F32","shape":[1],"data_offsets":[4]'), data(4)),
    'tensor "a" has 1 data_offsets instead of 2',
  ],
  [
    'with three offsets',
    rawFile(entry('"dtype":"F32","shape":[1],"data_offsets":[0,4,8]'), data(4)),
    'tensor "a" has 3 data_offsets instead of 2',
  ],
  [
    'with reversed offsets',
    rawFile(entry('"dtype":"F32","shape":[1],"data_offsets":[4,0]'), data(4)),
    'tensor "a" ends (0) before it starts (4)',
  ],
  [
    'whose offsets and shape disagree',
    rawFile(entry('"dtype":"F32","shape":[2,3],"data_offsets":[0,20]'), data(20)),
    'tensor "a" has 20 bytes, and F32 [2, 3] takes 24',
  ],
  [
    'with half a byte',
    rawFile(entry('"dtype":"F4","shape":[3],"data_offsets":[0,1]'), data(1)),
    'tensor "a" does not fill whole bytes: F4 [3]',
  ],
  [
    'with overlapping tensors',
    rawFile(`{"a":${ONE},"b":{"dtype":"U8","shape":[3],"data_offsets":[2,5]}}`, data(5)),
    'tensors "a" and "b" overlap by 2 bytes',
  ],
  [
    'with one place for two tensors',
    rawFile(`{"a":${ONE},"b":${ONE}}`, data(4)),
    'tensors "a" and "b" overlap by 4 bytes',
  ],
  [
    'with a hole',
    rawFile(`{"a":${ONE},"b":{"dtype":"U8","shape":[3],"data_offsets":[9,12]}}`, data(12)),
    'no tensor has the 5 bytes before tensor "b"',
  ],
  [
    'with a hole at its start',
    rawFile(entry('"dtype":"U8","shape":[3],"data_offsets":[1,4]'), data(4)),
    'no tensor has the 1 byte before tensor "a"',
  ],
  [
    'cut inside its data',
    rawFile(entry('"dtype":"F32","shape":[110],"data_offsets":[0,440]'), data(1)),
    'it ends too early: expected 439 more bytes',
  ],
  ['with bytes at its end', rawFile(`{"a":${ONE}}`, data(9)), 'no tensor has the last 5 bytes'],
  ['without tensors, with data', rawFile('{}', data(3)), 'no tensor has the last 3 bytes'],
  [
    'with an endless name',
    rawFile(`{"${'n'.repeat(5000)}":1}`),
    `tensor "${'n'.repeat(80)}…" is described by 1, not by an object`,
  ],
];

describe('a broken file', () => {
  test.each(BAD)('%s is refused', async (_, bytes, what) => {
    await expect(read(bytes)).rejects.toMatchObject({
      name: 'LensError',
      code: 'checkpoint-malformed',
      message: `file is not a sound safetensors file: ${what}. Download or copy the file again.`,
    });
  });

  test('is not read beyond its header', async () => {
    const bytes = rawFile(`{"a":${ONE}}`, data(4));
    const ends: number[] = [];
    const inner = memorySource('file', bytes);
    const source: ByteSource = {
      ...inner,
      read: (start, end) => {
        ends.push(end);
        return inner.read(start, end);
      },
    };
    await readSafetensorsHeader(source);
    expect(Math.max(...ends)).toBeLessThanOrEqual(bytes.byteLength - 4);
  });
});

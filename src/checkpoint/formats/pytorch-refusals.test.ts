import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import { readFloat32 } from '../tensors/tensors.ts';
import { readPyTorch } from './pytorch.ts';
import {
  type Code,
  call,
  floats,
  global,
  int,
  list,
  none,
  pickled,
  realFile,
  state,
  storage,
  TWO,
  tensor,
  text,
  torchZip,
  tuple,
} from './testing/pickle.ts';
import { asSource, writeZip, zipSource } from './testing/zip.ts';

const read = (bytes: Uint8Array<ArrayBuffer>) => readPyTorch(asSource(bytes));

const SOUND = state(['w', TWO]);
const STORAGE = { 0: floats(1, 2) };
const view = (shape: readonly number[], strides: readonly number[], offset = 0) =>
  torchZip(state(['w', tensor({ storage: storage('0', 2), offset, shape, strides })]), STORAGE);
const rebuilt = (...args: readonly Code[]) =>
  torchZip(state(['w', call(global('torch._utils._rebuild_tensor_v2'), ...args)]), STORAGE);
const naming = (name: string) => torchZip(state(['w', call(global(name), text('ls'))]));
const beside = (name: string, data: string, more: readonly { name: string; data: string }[] = []) =>
  torchZip(SOUND, STORAGE, [{ name, data }, ...more]);

const MALFORMED: readonly (readonly [string, Uint8Array<ArrayBuffer>, string])[] = [
  ['whose pickle is empty', torchZip(new Uint8Array()), 'its pickle ends too early, after 0 bytes'],
  [
    'whose pickle is cut',
    torchZip(pickled(SOUND).slice(0, 9), STORAGE),
    'its pickle ends too early, after 9 bytes',
  ],
  [
    'whose pickle is text',
    torchZip(new TextEncoder().encode('hello'), STORAGE),
    'its pickle recalls number 101, which it did not store',
  ],
  ['without a storage', torchZip(SOUND), 'the values of the tensor "w" are missing ("archive/data/0")'],
  [
    'whose storage is cut',
    torchZip(SOUND, { 0: new Uint8Array(7) }),
    'the storage "0" has 7 bytes, and its 2 values take 8',
  ],
  [
    'whose storage is endless',
    torchZip(state(['w', tensor({ storage: storage('0', 2 ** 50), shape: [2], strides: [1] })]), STORAGE),
    'the storage "0" has 8 bytes, and its 1,125,899,906,842,624 values take 4,503,599,627,370,496',
  ],
  ['with a tensor beyond its storage', view([3], [1]), 'the tensor "w" reaches beyond its storage "0"'],
  ['with an offset beyond its storage', view([2], [1], 1), 'the tensor "w" reaches beyond its storage "0"'],
  ['with strides beyond its storage', view([2], [2]), 'the tensor "w" reaches beyond its storage "0"'],
  [
    'with strides that overflow',
    view([3, 3], [2 ** 53 - 1, 2 ** 53 - 1]),
    'the tensor "w" reaches beyond its storage "0"',
  ],
  [
    'with a shape that overflows',
    view([2 ** 40, 2 ** 40], [0, 0]),
    'the tensor "w" has a shape too large to exist: [1099511627776, 1099511627776]',
  ],
  [
    'with a negative side',
    view([-1], [1]),
    'its pickle has a tensor without a sound shape in the storage "0"',
  ],
  [
    'with a negative stride',
    view([2], [-1], 1),
    'its pickle has a tensor without a sound shape in the storage "0"',
  ],
  [
    'with a negative offset',
    view([1], [1], -1),
    'its pickle has a tensor without a sound shape in the storage "0"',
  ],
  [
    'with fewer strides than sides',
    view([1, 2], [1]),
    'its pickle has a tensor without a sound shape in the storage "0"',
  ],
  [
    'with 65 axes',
    view(new Array(65).fill(1), new Array(65).fill(1)),
    'its pickle has a tensor without a sound shape in the storage "0"',
  ],
  [
    'with a shape that is text',
    rebuilt(storage('0', 2), int(0), text('22'), tuple(int(1))),
    'its pickle has a tensor without a sound shape in the storage "0"',
  ],
  [
    'with a tensor in a number',
    rebuilt(int(5), int(0), tuple(), tuple()),
    'its pickle has a tensor in 5 instead of a storage',
  ],
  [
    'with a tensor in a tensor',
    rebuilt(TWO, int(0), tuple(), tuple()),
    'its pickle has a tensor in an object instead of a storage',
  ],
  ['with a tensor without anything', rebuilt(), 'its pickle has a tensor in undefined instead of a storage'],
  [
    'with a tensor without a type',
    torchZip(
      state(['w', tensor({ storage: storage('0', 8, 'torch.UntypedStorage'), shape: [2], strides: [1] })]),
      STORAGE,
    ),
    'its pickle has a tensor without a type in the storage "0"',
  ],
  [
    'with a storage of an unknown type',
    torchZip(
      state(['w', tensor({ storage: storage('0', 2, 'torch.device'), shape: [2], strides: [1] })]),
      STORAGE,
    ),
    'its pickle has the storage "0" of the unknown type "torch.device"',
  ],
  [
    'with a storage of half a value',
    torchZip(
      state([
        'w',
        tensor({ storage: storage('0', [0x47, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0]), shape: [], strides: [] }),
      ]),
      STORAGE,
    ),
    'its pickle has the storage "0" of 0.5 values',
  ],
  [
    'with a persistent id that is a number',
    torchZip(state(['w', [...int(1), 0x51]])),
    'its pickle refers to 1 where a storage should be',
  ],
  [
    'with a persistent id of something else',
    torchZip(state(['w', [...tuple(text('module')), 0x51]])),
    'its pickle refers to "module" where a storage should be',
  ],
  [
    'that makes a dict from a number',
    torchZip(call(global('collections.OrderedDict'), int(1))),
    'its pickle makes a dict from 1',
  ],
  [
    'that makes a dict from singles',
    torchZip(call(global('collections.OrderedDict'), list(int(1)))),
    'its pickle makes a dict from something else than pairs',
  ],
  [
    'that rebuilds by an object',
    torchZip(call(global('torch._tensor._rebuild_from_type_v2'), global('torch.device'), none, tuple())),
    'its pickle rebuilds a tensor of an unknown kind',
  ],
  [
    'that rebuilds without arguments',
    torchZip(
      call(
        global('torch._tensor._rebuild_from_type_v2'),
        global('torch._utils._rebuild_parameter'),
        none,
        none,
      ),
    ),
    'its pickle rebuilds a tensor without arguments',
  ],
  [
    'with a long byte order',
    beside('archive/byteorder', 'little'.repeat(20)),
    '"archive/byteorder" has 120 bytes instead of a word',
  ],
];

const UNSUPPORTED: readonly (readonly [string, Uint8Array<ArrayBuffer>, string])[] = [
  [
    'that runs a command',
    naming('os.system'),
    'weights.pth asks to run "os.system"; a ViTMAE checkpoint never needs that. It was not run. Get the file from a source that you trust',
  ],
  ['that runs a command by its other name', naming('posix.system'), 'asks to run "posix.system"'],
  ['that evaluates a text', naming('builtins.eval'), 'asks to run "builtins.eval"'],
  ['that gets an attribute', naming('builtins.getattr'), 'asks to run "builtins.getattr"'],
  ['that runs a process', naming('subprocess.Popen'), 'asks to run "subprocess.Popen"'],
  ['that loads another file', naming('torch.load'), 'asks to run "torch.load"'],
  [
    'that names what objects have by themselves',
    naming('__proto__.constructor'),
    'asks to run "__proto__.constructor"',
  ],
  [
    'with a dotted name',
    torchZip([...text('collections'), ...text('OrderedDict.__reduce__'), 0x93]),
    'asks to run "collections.OrderedDict.__reduce__"',
  ],
  [
    'with an endless name',
    torchZip([...text('a'), ...text('b'.repeat(9000)), 0x93]),
    `asks to run "a.${'b'.repeat(78)}…"`,
  ],
  [
    'with quantised tensors',
    naming('torch._utils._rebuild_qtensor'),
    'asks to run "torch._utils._rebuild_qtensor"',
  ],
  [
    'with a whole model',
    naming('models_mae.MaskedAutoencoderViT'),
    'holds a whole Python program\'s object (it names "models_mae.MaskedAutoencoderViT"), which only Python can rebuild',
  ],
  [
    'with a whole module',
    naming('torch.nn.modules.linear.Linear'),
    'it names "torch.nn.modules.linear.Linear"',
  ],
  ['with a number', torchZip(int(3)), 'holds no weights by name (it has no names at all)'],
  ['with one tensor', torchZip(TWO, STORAGE), 'holds no weights by name (it has no names at all)'],
  [
    'with other things',
    torchZip(state(['epoch', int(3)], ['args', none])),
    'holds no weights by name (it has "epoch", "args")',
  ],
  [
    'of another byte order',
    beside('archive/byteorder', 'big'),
    'was written on a machine of another byte order ("big")',
  ],
  [
    'of a later version',
    beside('archive/version', '11\n'),
    'has version "11" of PyTorch\'s file format, and 10 is the highest',
  ],
  ['of no version', beside('archive/version', 'new'), 'has version "new" of PyTorch\'s file format'],
  [
    'that is a TorchScript program',
    beside('archive/constants.pkl', ''),
    'is a TorchScript program, made with torch.jit.save',
  ],
  [
    'whose pickle is compressed',
    writeZip([{ name: 'a/data.pkl', data: 'x', wrong: { method: 8, unpackedSize: 100 } }]),
    'The entry "a/data.pkl" in weights.pth is compressed (method 8)',
  ],
  [
    'that is an archive of arrays',
    writeZip([{ name: 'w.npy', data: '' }]),
    'weights.pth holds NumPy arrays (.npz)',
  ],
  [
    'that is an archive of a model',
    writeZip([{ name: 'mae/model.safetensors', data: '' }]),
    'weights.pth is a zip archive with the files of a model in it. Unpack it',
  ],
  [
    'that is an archive of something else',
    writeZip([{ name: 'word/document.xml', data: '' }]),
    'weights.pth is a zip archive, and not one of PyTorch',
  ],
];

test('a pickle or a tensor that does not fit its checksum is refused', async () => {
  const file = (crc32: { readonly pickle?: number; readonly values?: number }) => {
    const wrong = (value: number | undefined) => (value === undefined ? {} : { wrong: { crc32: value } });
    const entries = [
      { name: 'a/data.pkl', data: pickled(state(['w', TWO])), ...wrong(crc32.pickle) },
      { name: 'a/data/0', data: floats(7, 8), ...wrong(crc32.values) },
    ];
    return readPyTorch(asSource(writeZip(entries)));
  };
  const into = new Float32Array(2);
  const valuesOf = async (crc32: Parameters<typeof file>[0]) => {
    const tensor = (await file(crc32)).tensors.get('w');
    if (tensor !== undefined) await readFloat32(tensor, into);
    return [...into];
  };
  expect(await valuesOf({})).toEqual([7, 8]);
  // What PyTorch writes where it is told to compute none.
  expect(await valuesOf({ pickle: 0, values: 0 })).toEqual([7, 8]);
  await expect(file({ pickle: 1 })).rejects.toMatchObject({ key: 'checkpoint-malformed/zip-entry-crc' });
  await expect(valuesOf({ values: 1 })).rejects.toMatchObject({ key: 'checkpoint-malformed/tensor-crc' });
});

describe('a hostile or broken file is refused', () => {
  test.each(MALFORMED)('%s', async (_, bytes, what) => {
    await expect(read(bytes)).rejects.toMatchObject({
      name: 'LensError',
      code: 'checkpoint-malformed',
      message: expect.stringContaining(what),
    });
  });

  test.each(UNSUPPORTED)('%s', async (_, bytes, what) => {
    await expect(read(bytes)).rejects.toMatchObject({
      name: 'LensError',
      code: 'checkpoint-unsupported',
      message: expect.stringContaining(what),
    });
  });

  test('with two pickles in it', async () => {
    await expect(read(beside('other/data.pkl', ''))).rejects.toMatchObject({
      code: 'checkpoint-malformed',
      message: expect.stringContaining('holds two PyTorch files in one: "archive/" and "other/"'),
    });
  });

  test('with an endless pickle, unread', async () => {
    await expect(
      readPyTorch(zipSource('weights.pth', [{ name: 'a/data.pkl', data: 2 ** 33 }], { zip64: true })),
    ).rejects.toThrow('"a/data.pkl" has 8,589,934,592 bytes, far too many for a list of tensors');
  });

  test('with work that grows faster than the file', async () => {
    const pairs = list(...Array.from({ length: 2000 }, (_, i) => tuple(int(i), none)));
    const again = [...global('collections.OrderedDict'), 0x68, 0, 0x85, 0x52, 0x30];
    const bytes = torchZip([...pairs, 0x71, 0, ...Array.from({ length: 5000 }, () => again).flat()]);
    await expect(read(bytes)).rejects.toThrow('its pickle makes too many dicts from lists');
  });

  const REAL = [
    'authors/mae_visualize_vit_tiny.pth',
    'authors-training/checkpoint-799.pth',
    'transformers-5/pytorch_model.bin',
    'views/views.pt',
  ];

  test.each(REAL)('or read, whatever bytes have changed in %s', async (path) => {
    const real = realFile(path);
    // Most bytes are values; what matters stands in the headers, the directory and the pickle.
    const places: number[] = [];
    for (let at = 0; at < real.byteLength; at++) {
      if (real[at] === 0x50 && real[at + 1] === 0x4b) places.push(at);
    }
    const pickle = real.indexOf(0x80);
    const place = fc.oneof(
      fc.tuple(fc.constantFrom(...places), fc.nat(60)).map(([at, more]) => at + more),
      fc.nat(12_000).map((more) => pickle + more),
      fc.nat(real.byteLength - 1),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 5 }),
        async (changes) => {
          const bytes = real.slice();
          for (const [at, value] of changes) bytes[at] = value;
          try {
            for (const { source, start, end } of (await read(bytes)).tensors.values())
              await source.read(start, end);
          } catch (error) {
            if (!(error instanceof LensError)) throw error;
          }
        },
      ),
      { numRuns: 250 },
    );
  });

  test('wherever a real one is cut', async () => {
    const real = realFile('bin/pytorch_model.bin');
    await fc.assert(
      fc.asyncProperty(fc.nat(real.byteLength - 1), async (size) => {
        await expect(read(real.slice(0, size))).rejects.toThrow(LensError);
      }),
      { numRuns: 200 },
    );
  });
});

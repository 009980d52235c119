import { describe, expect, test } from 'vitest';
import type { ByteSource } from '../bytes/bytes.ts';
import { readFloat32 } from '../tensors/tensors.ts';
import { readPyTorch } from './pytorch.ts';
import {
  build,
  type Code,
  call,
  dict,
  floats,
  global,
  int,
  list,
  no,
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
  yes,
} from './testing/pickle.ts';
import { asSource, writeZip } from './testing/zip.ts';

const read = (bytes: Uint8Array<ArrayBuffer>) => readPyTorch(asSource(bytes));

async function valuesOf(bytes: Uint8Array<ArrayBuffer>): Promise<Record<string, number[]>> {
  const { tensors } = await read(bytes);
  const all: Record<string, number[]> = {};
  for (const [name, tensor] of tensors) {
    const into = new Float32Array(tensor.shape.reduce((product, side) => product * side, 1));
    await readFloat32(tensor, into);
    all[name] = [...into];
  }
  return all;
}

describe('a PyTorch file', () => {
  const STORAGES = { 0: floats(1, 2, 3, 4, 5, 6) };
  const six = storage('0', 6);

  test('holds tensors, views and scalars', async () => {
    const root = state(
      ['matrix', tensor({ storage: six, shape: [2, 3], strides: [3, 1] })],
      ['transposed', tensor({ storage: six, shape: [3, 2], strides: [1, 3] })],
      ['part', tensor({ storage: six, offset: 2, shape: [3], strides: [1] })],
      ['column', tensor({ storage: six, offset: 1, shape: [2, 1], strides: [3, 1] })],
      ['scalar', tensor({ storage: six, offset: 5, shape: [], strides: [] })],
      ['repeated', tensor({ storage: six, offset: 3, shape: [2, 2], strides: [0, 1] })],
      ['empty', tensor({ storage: six, offset: 6, shape: [0, 3], strides: [3, 1] })],
      ['overlapping', tensor({ storage: six, shape: [2, 2], strides: [1, 1] })],
    );
    expect(await valuesOf(torchZip(root, STORAGES))).toEqual({
      matrix: [1, 2, 3, 4, 5, 6],
      transposed: [1, 4, 2, 5, 3, 6],
      part: [3, 4, 5],
      column: [2, 5],
      scalar: [6],
      repeated: [4, 5, 4, 5],
      empty: [],
      overlapping: [1, 2, 2, 3],
    });
  });

  test.each(['model', 'state_dict', 'model_state_dict', 'module'])(
    'may keep its weights under "%s"',
    async (key) => {
      const root = state(['epoch', int(3)], ['optimizer', state(['a', TWO])], [key, state(['w', TWO])]);
      expect(await valuesOf(torchZip(root, { 0: floats(7, 8) }))).toEqual({ w: [7, 8] });
    },
  );

  test('may have every kind of tensor constructor', async () => {
    const parameter = (name: string, ...rest: readonly Code[]) =>
      call(global(`torch._utils.${name}`), TWO, yes, ...rest);
    const untyped = storage('0', 8, 'torch.storage.UntypedStorage');
    const parts = [untyped, int(0), tuple(int(2)), tuple(int(1)), no, none];
    const root = state(
      ['parameter', parameter('_rebuild_parameter', none)],
      ['with state', parameter('_rebuild_parameter_with_state', none, dict([]))],
      [
        'old',
        call(global('torch._utils._rebuild_tensor'), storage('0', 2), int(0), tuple(int(2)), tuple(int(1))),
      ],
      ['third', call(global('torch._utils._rebuild_tensor_v3'), ...parts, global('torch.float32'))],
      [
        'with attributes',
        call(
          global('torch._tensor._rebuild_from_type_v2'),
          global('torch._utils._rebuild_tensor_v2'),
          global('torch.Tensor'),
          tuple(storage('0', 2), int(0), tuple(int(2)), tuple(int(1)), no, none),
          dict([]),
        ),
      ],
      ['size', call(global('torch.Size'), tuple(int(2)))],
    );
    const values = await valuesOf(torchZip(root, { 0: floats(7, 8) }));
    expect(values).toEqual({
      parameter: [7, 8],
      'with state': [7, 8],
      old: [7, 8],
      third: [7, 8],
      'with attributes': [7, 8],
    });
  });

  test('may be from Python 2, or without a folder, or a dict made from pairs', async () => {
    const pairs = call(global('collections.OrderedDict'), list(list(text('a'), TWO), tuple(text('b'), TWO)));
    const bytes = writeZip([
      { name: 'data.pkl', data: pickled(pairs) },
      { name: 'data/0', data: floats(1, 2) },
    ]);
    expect(await valuesOf(bytes)).toEqual({ a: [1, 2], b: [1, 2] });
  });

  test('keeps the training arguments that say what the model paints', async () => {
    const namespace = (...entries: readonly [string, Code][]) =>
      build([...global('argparse.Namespace'), ...tuple(), 0x81], state(...entries));
    const withArgs = (args: Code) =>
      torchZip(state(['model', state(['w', TWO])], ['args', args]), { 0: floats(0, 0) });
    expect(
      (await read(withArgs(namespace(['norm_pix_loss', yes], ['mask_ratio', int(1)])))).metadata,
    ).toEqual(
      new Map([
        ['args.norm_pix_loss', 'true'],
        ['args.mask_ratio', '1'],
      ]),
    );
    expect((await read(withArgs(state(['norm_pix_loss', no])))).metadata.get('args.norm_pix_loss')).toBe(
      'false',
    );
    expect((await read(withArgs(namespace(['norm_pix_loss', text('yes')])))).metadata.size).toBe(0);
  });

  test('of any real kind lists its tensors', async () => {
    const training = await read(realFile('authors-training/checkpoint-799.pth'));
    expect(training.metadata.get('args.norm_pix_loss')).toBe('true');
    expect([...training.tensors.keys()].some((name) => name.includes('exp_avg'))).toBe(false);
    const views = await read(realFile('views/views.pt'));
    expect(views.tensors.get('module.steps')).toMatchObject({ dtype: 'I64', shape: [] });
    expect(views.tensors.get('module.doubles')).toMatchObject({ dtype: 'F64', shape: [2] });
    expect(views.tensors.get('module.repeated')).toMatchObject({ dtype: 'F32', shape: [1000], strides: [0] });
  });

  test('is not read beyond its headers and its pickle', async () => {
    const bytes = torchZip(
      state(['w', tensor({ storage: storage('0', 1000), shape: [1000], strides: [1] })]),
      {
        0: new Uint8Array(4000),
      },
    );
    const inner = asSource(bytes);
    let total = 0;
    const counting: ByteSource = {
      ...inner,
      read: (start, end) => {
        total += start >= bytes.byteLength - 65_557 && end === bytes.byteLength ? 0 : end - start;
        return inner.read(start, end);
      },
    };
    await readPyTorch(counting);
    expect(total).toBeLessThan(1500);
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../mae/config.ts';
import { squareGrid } from '../../mae/geometry.ts';
import { sincosPositions } from '../../mae/position.ts';
import { memorySource } from '../bytes/bytes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { writeTorch } from '../formats/testing/pickle.ts';
import {
  modelTensors,
  rawFile,
  type WrittenTensor,
  writeSafetensors,
} from '../formats/testing/safetensors.ts';
import { openCheckpoint, openFromFiles, openFromUrl } from './open.ts';

const JSON_CONFIG = {
  hidden_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 12,
  image_size: 8,
  patch_size: 4,
  decoder_hidden_size: 4,
  decoder_num_hidden_layers: 1,
  decoder_num_attention_heads: 1,
  decoder_intermediate_size: 6,
};
const CONFIG = parseConfig(JSON_CONFIG);
const TENSORS = modelTensors(CONFIG);

type Contents = Readonly<Record<string, Uint8Array<ArrayBuffer> | string | object>>;

function bytesOf(content: Contents[string]): Uint8Array<ArrayBuffer> {
  if (content instanceof Uint8Array) return content as Uint8Array<ArrayBuffer>;
  return new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content));
}

const COMPLETE: Contents = {
  'config.json': JSON_CONFIG,
  'preprocessor_config.json': { size: 8, image_mean: [0, 0, 0] },
  'model.safetensors': writeSafetensors(TENSORS, { format: 'pt' }),
};

function shards(tensors: readonly WrittenTensor[]): Contents {
  const half = Math.floor(tensors.length / 2);
  const parts = [tensors.slice(0, half), tensors.slice(half)];
  const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  const map = parts.flatMap((part, i) => part.map(({ name }) => [name, names[i]]));
  return {
    'config.json': JSON_CONFIG,
    'model.safetensors.index.json': { metadata: { total_size: 1 }, weight_map: Object.fromEntries(map) },
    ...Object.fromEntries(parts.map((part, i) => [names[i], writeSafetensors(part)])),
  };
}

const fromMemory = (contents: Contents) =>
  openCheckpoint(
    new Map(Object.entries(contents).map(([name, content]) => [name, memorySource(name, bytesOf(content))])),
  );
const asFiles = (contents: Contents) =>
  Object.entries(contents).map(([name, content]) => new File([bytesOf(content)], name));

async function readAll(checkpoint: Checkpoint, name: string): Promise<Float32Array> {
  const shape = checkpoint.tensors.get(name)?.shape ?? [];
  const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
  await checkpoint.readFloat32(name, values);
  return values;
}

async function expectComplete(checkpoint: Checkpoint): Promise<void> {
  expect(checkpoint.config).toEqual(CONFIG);
  for (const { name, bytes } of TENSORS) {
    expect(await readAll(checkpoint, name)).toEqual(new Float32Array(bytes.slice().buffer));
  }
  const parameters = TENSORS.reduce((sum, { bytes }) => sum + bytes.byteLength / 4, 0);
  expect(checkpoint).toMatchObject({ parameters, bytes: 4 * parameters });
}

describe('a checkpoint', () => {
  test('opens from one file of weights', async () => {
    const checkpoint = await fromMemory(COMPLETE);
    await expectComplete(checkpoint);
    expect(checkpoint.preprocessorConfig).toEqual({ size: 8, image_mean: [0, 0, 0] });
  });

  test('opens from shards', async () => {
    const checkpoint = await fromMemory(shards(TENSORS));
    await expectComplete(checkpoint);
    expect(checkpoint.preprocessorConfig).toBeUndefined();
  });

  test('opens from files that a visitor chose, whatever the weights are called', async () => {
    const { 'model.safetensors': weights, ...others } = COMPLETE;
    await expectComplete(
      await openFromFiles(asFiles({ ...others, 'mine.safetensors': weights as Uint8Array })),
    );
  });

  test('knows how many bytes are stored', async () => {
    const halves = TENSORS.map((tensor) => ({
      ...tensor,
      dtype: 'BF16',
      bytes: new Uint8Array(tensor.bytes.byteLength / 2),
    }));
    const checkpoint = await fromMemory({ ...COMPLETE, 'model.safetensors': writeSafetensors(halves) });
    expect(checkpoint.bytes).toBe(2 * checkpoint.parameters);
  });

  test('computes position embeddings that it lacks', async () => {
    const without = TENSORS.filter(({ name }) => !/pos(ition)?_embed/.test(name));
    const checkpoint = await fromMemory({ ...COMPLETE, 'model.safetensors': writeSafetensors(without) });
    expect(await readAll(checkpoint, 'vit.embeddings.position_embeddings')).toEqual(
      sincosPositions(8, squareGrid(2)),
    );
    const into = new Float32Array(2 + 5 * 4).fill(9);
    await checkpoint.readFloat32('decoder.decoder_pos_embed', into, 2);
    expect(into).toEqual(Float32Array.of(9, 9, ...sincosPositions(4, squareGrid(2))));
    expect(checkpoint.bytes).toBe(4 * (checkpoint.parameters - 5 * 8 - 5 * 4));
  });

  test('has no other tensors', async () => {
    const checkpoint = await fromMemory(COMPLETE);
    await expect(checkpoint.readFloat32('pooler.weight', new Float32Array(1))).rejects.toThrow(RangeError);
    const read = await checkpoint.syncReader();
    expect(() => read('pooler.weight', new Float32Array(1))).toThrow(RangeError);
  });
});

describe('a checkpoint of the real library', () => {
  const GOLDEN = new URL('../../../tools/reference/golden/', import.meta.url);
  const FILES = ['config.json', 'preprocessor_config.json', 'model.safetensors'];
  const names = readdirSync(GOLDEN).filter((name) =>
    existsSync(new URL(`${name}/model.safetensors`, GOLDEN)),
  );

  test.each(names)('%s opens, and every value is finite', async (name) => {
    const contents = FILES.map((file) => [
      file,
      new Uint8Array(readFileSync(new URL(`${name}/${file}`, GOLDEN))),
    ]);
    const checkpoint = await fromMemory(Object.fromEntries(contents));
    expect(checkpoint.preprocessorConfig).toHaveProperty('image_mean');
    for (const tensor of checkpoint.tensors.keys()) {
      const values = await readAll(checkpoint, tensor);
      expect(values.every(Number.isFinite)).toBe(true);
      expect(values.some((value) => value !== 0)).toBe(true);
    }
  });

  test('is there in float32 and in both 16-bit types', () => {
    expect(names).toEqual(expect.arrayContaining(['patch16-64px', 'float16', 'bfloat16']));
  });
});

describe('files that do not fit', () => {
  const without = (name: string) =>
    Object.fromEntries(Object.entries(COMPLETE).filter(([key]) => key !== name));
  const INDEX = 'model.safetensors.index.json';
  const sharded = shards(TENSORS);
  const mapping = (map: unknown) => ({ ...sharded, [INDEX]: { weight_map: map } });

  test.each<[string, Contents, string, string | RegExp]>([
    [
      'nothing',
      {},
      'not-found',
      'A file is missing: the weights (model.safetensors). Choose all files of the model together (given: none).',
    ],
    [
      'no config.json',
      without('config.json'),
      'not-found',
      /missing: config\.json.*The shapes in model\.safetensors do not tell how many attention heads its encoder of width 8 has/,
    ],
    ['no weights', without('model.safetensors'), 'not-found', /missing: the weights \(model\.safetensors\)/],
    [
      'two unrelated files of weights',
      { ...without('model.safetensors'), 'a.safetensors': '', 'b.safetensors': '' },
      'not-found',
      /not clear which file holds the weights: "a\.safetensors" or "b\.safetensors"/,
    ],
    [
      'a config that is no JSON',
      { ...COMPLETE, 'config.json': '<html>' },
      'config-invalid',
      /^config\.json is not a JSON file/,
    ],
    [
      'a config that is not text',
      { ...COMPLETE, 'config.json': Uint8Array.of(0xff) },
      'config-invalid',
      /^config\.json is not a JSON file/,
    ],
    [
      'an endless config',
      { ...COMPLETE, 'config.json': new Uint8Array(2 ** 24 + 1) },
      'config-invalid',
      /^config\.json has 16777217 bytes, far too many/,
    ],
    [
      'a config of another model',
      { ...COMPLETE, 'config.json': { model_type: 'vit' } },
      'config-unsupported',
      /"vit"/,
    ],
    [
      'a preprocessor that is no JSON',
      { ...COMPLETE, 'preprocessor_config.json': '' },
      'config-invalid',
      /^preprocessor_config\.json is not a JSON file/,
    ],
    [
      'broken weights',
      { ...COMPLETE, 'model.safetensors': rawFile('[]') },
      'checkpoint-malformed',
      /not a sound safetensors file/,
    ],
    [
      'weights of another size',
      { ...COMPLETE, 'config.json': { ...JSON_CONFIG, intermediate_size: 16 } },
      'checkpoint-wrong-shape',
      /\[16, 8\]/,
    ],
    [
      'an index that is no JSON',
      { ...sharded, [INDEX]: '{' },
      'checkpoint-malformed',
      /^model\.safetensors\.index\.json is not a JSON file/,
    ],
    ['an index without a map', { ...sharded, [INDEX]: [] }, 'checkpoint-malformed', /has no weight_map/],
    [
      'an index that points to a number',
      mapping({ a: 3 }),
      'checkpoint-malformed',
      /"a" is in 3, which is not the name/,
    ],
    [
      'an index that points elsewhere',
      mapping({ a: 'https://elsewhere.example/a.safetensors' }),
      'checkpoint-malformed',
      /is not the name of a \.safetensors file beside it/,
    ],
    [
      'an index that points upwards',
      mapping({ a: '..\\a.safetensors' }),
      'checkpoint-malformed',
      /is not the name of a \.safetensors file beside it/,
    ],
    [
      'an index whose shard is missing',
      mapping({ a: 'c.safetensors' }),
      'not-found',
      /missing: "c\.safetensors", a part of the weights/,
    ],
    [
      'an index that names the wrong shard',
      mapping({ a: 'model-00001-of-00002.safetensors' }),
      'checkpoint-malformed',
      /says that the tensor "a" is in "model-00001-of-00002\.safetensors", and it is not/,
    ],
  ])('%s', async (_, contents, code, message) => {
    await expect(fromMemory(contents)).rejects.toMatchObject({
      name: 'LensError',
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  test('two files of one name', async () => {
    const files = [...asFiles(COMPLETE), ...asFiles(COMPLETE)];
    await expect(openFromFiles(files)).rejects.toMatchObject({
      code: 'checkpoint-unsupported',
      message: 'Two of the files are called "config.json". Choose the files of one model only.',
    });
  });

  test('files after cancelling', async () => {
    await expect(openFromFiles(asFiles(COMPLETE), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});

describe('a checkpoint on the web', () => {
  let server: Server | undefined;
  const asked: string[] = [];

  async function serve(contents: Contents): Promise<string> {
    asked.length = 0;
    const started = createServer(({ url = '' }, response) => {
      const name = decodeURIComponent(url.replace('/models/mine/', ''));
      asked.push(name);
      const content = contents[name];
      response.writeHead(content === undefined ? 404 : 200);
      response.end(content === undefined ? 'no' : bytesOf(content));
    });
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}/models/mine`;
  }

  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve)));
    server = undefined;
  });

  test.each(['', '/'])('opens from an address that ends with "%s"', async (end) => {
    const url = await serve(COMPLETE);
    const files = new Set<string>();
    const checkpoint = await openFromUrl(url + end, { onProgress: ({ file }) => files.add(file) });
    await expectComplete(checkpoint);
    expect(checkpoint.preprocessorConfig).toEqual({ size: 8, image_mean: [0, 0, 0] });
    expect([...files].sort()).toEqual(['config.json', 'model.safetensors', 'preprocessor_config.json']);
  });

  test('opens from shards', async () => {
    await expectComplete(await openFromUrl(await serve(shards(TENSORS))));
  });

  const { 'model.safetensors': _, ...CONFIGS } = COMPLETE;

  test.each<[string, Contents]>([
    ['one piece', { 'pytorch_model.bin': writeTorch(TENSORS) }],
    [
      'shards',
      {
        'pytorch_model.bin.index.json': {
          weight_map: Object.fromEntries(TENSORS.map(({ name }, i) => [name, i < 5 ? 'a.bin' : 'b.bin'])),
        },
        'a.bin': writeTorch(TENSORS.slice(0, 5)),
        'b.bin': writeTorch(TENSORS.slice(5)),
      },
    ],
  ])('opens from pytorch_model.bin in %s, where there is no safetensors file', async (_, weights) => {
    await expectComplete(await openFromUrl(await serve({ ...CONFIGS, ...weights })));
    expect(asked).toContain('model.safetensors');
  });

  test('opens from safetensors where there are both', async () => {
    await expectComplete(await openFromUrl(await serve({ ...COMPLETE, 'pytorch_model.bin': 'not read' })));
    expect(asked).not.toContain('pytorch_model.bin');
  });

  test('opens from the address of its weights, with the config beside it', async () => {
    const url = await serve({ ...CONFIGS, 'pytorch_model.bin': writeTorch(TENSORS) });
    const checkpoint = await openFromUrl(`${url}/pytorch_model.bin`);
    await expectComplete(checkpoint);
    expect(checkpoint.preprocessorConfig).toBeDefined();
  });

  test('opens from the address of a single file, and looks for nothing beside it', async () => {
    const config = { ...CONFIG, hidden_size: 64, num_attention_heads: 1, decoder_hidden_size: 32 };
    const url = await serve({ 'mae visualize.pth': writeTorch(modelTensors(config), 'model') });
    expect((await openFromUrl(`${url}/mae%20visualize.pth`)).config).toEqual(config);
    expect(asked).toEqual(['mae visualize.pth']);
  });

  test('downloads no weights for a config that cannot run', async () => {
    const url = await serve({ ...COMPLETE, 'config.json': { model_type: 'bert' } });
    await expect(openFromUrl(url)).rejects.toMatchObject({ code: 'config-unsupported' });
    expect(asked).not.toContain('model.safetensors');
  });

  test('says which file is missing', async () => {
    const url = await serve({});
    await expect(openFromUrl(url)).rejects.toMatchObject({
      code: 'not-found',
      message: `There is no file at ${url}/config.json. Check the address and the model's name.`,
    });
  });

  test('says which weights it looked for', async () => {
    const url = await serve({ 'config.json': JSON_CONFIG });
    await expect(openFromUrl(url)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/neither model\.safetensors nor pytorch_model\.bin/),
    });
  });

  test('needs a complete address', async () => {
    await expect(openFromUrl('models/demo')).rejects.toMatchObject({
      code: 'not-found',
      message: '"models/demo" is not a complete web address, such as https://….',
    });
  });

  test('can be cancelled between its files', async () => {
    const url = await serve(COMPLETE);
    const controller = new AbortController();
    const onProgress = ({ file }: { file: string }) => {
      if (file === 'model.safetensors') controller.abort();
    };
    await expect(openFromUrl(url, { signal: controller.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});

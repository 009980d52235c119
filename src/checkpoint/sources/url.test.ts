import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { writeTorch } from '../formats/testing/pickle.ts';
import { modelTensors } from '../formats/testing/safetensors.ts';
import {
  bytesOf,
  COMPLETE,
  CONFIG,
  type Contents,
  expectComplete,
  JSON_CONFIG,
  shards,
  TENSORS,
} from '../testing/contents.ts';
import { openFromUrl } from './url.ts';

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

  test('opens from the address of a single file, which needs nothing beside it', async () => {
    const config = { ...CONFIG, hidden_size: 64, num_attention_heads: 1, decoder_hidden_size: 32 };
    const url = await serve({ 'mae visualize.pth': writeTorch(modelTensors(config), 'model') });
    expect((await openFromUrl(`${url}/mae%20visualize.pth`)).config).toEqual(config);
    expect(asked).toEqual(['config.json', 'preprocessor_config.json', 'mae visualize.pth']);
  });

  test('opens from a folder whose server lists it, whatever its weights are called', async () => {
    const page =
      '<!DOCTYPE html><title>Index of /models/mine</title><a href="../">..</a> <a href="/elsewhere/x.pth">x</a>' +
      '<a href="?C=N;O=D">Name</a><a href="sub/y.pth">y</a><a href="my%20mae.pth">my mae.pth</a>' +
      '<a HREF=\'config.json\'>config.json</a><a href="https://other.example/z.pth">z</a><a href="%zz">?</a>';
    await expectComplete(
      await openFromUrl(await serve({ ...CONFIGS, '': page, 'my mae.pth': writeTorch(TENSORS) })),
    );
    expect(asked).toHaveLength(10);
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
      message:
        '127.0.0.1/models/mine has no config.json, which says how the model is built. Check the address, or give that of ' +
        'a file of weights in it.',
    });
  });

  test('says which weights it looked for', async () => {
    const url = await serve({ 'config.json': JSON_CONFIG });
    await expect(openFromUrl(url)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(
        /has no weights that this page can read: none of model\.safetensors,.* pytorch_model\.bin,/,
      ),
    });
  });

  test('needs a complete address', async () => {
    await expect(openFromUrl('models/demo')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/^"models\/demo" is not a complete web address\./),
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

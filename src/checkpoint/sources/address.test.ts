import { describe, expect, test } from 'vitest';
import {
  addressOf,
  fileUrl,
  folderAddress,
  hubAddress,
  hubName,
  parseHubName,
  parseModelAddress,
  pathInside,
  resolveUrl,
  sourceOf,
  titleOf,
} from './address.ts';

const BASE = 'facebook/vit-mae-base';
const MIRROR = 'http://127.0.0.1:8080/hub';

describe('what a visitor types', () => {
  test.each([
    [BASE, {}],
    [`  ${BASE}\n`, {}],
    [`${BASE}@main`, {}],
    [`${BASE}@refs/pr/3`, { revision: 'refs/pr/3' }],
    [`${BASE}@25b184b`, { revision: '25b184b' }],
    [`https://huggingface.co/${BASE}`, {}],
    [`https://huggingface.co/${BASE}/`, {}],
    [`https://www.huggingface.co/${BASE}`, {}],
    [`https://hf.co/${BASE}`, {}],
    [`huggingface.co/${BASE}`, {}],
    [`hf.co/${BASE}/tree/main`, {}],
    [`https://huggingface.co/${BASE}?library=transformers`, {}],
    [`https://huggingface.co/${BASE}#usage`, {}],
    [`https://huggingface.co/${BASE}/tree/main`, {}],
    [`https://huggingface.co/${BASE}/tree/refs%2Fpr%2F3`, { revision: 'refs/pr/3' }],
    [`https://huggingface.co/${BASE}/tree/refs/pr/3`, { revision: 'refs/pr/3' }],
    [`https://huggingface.co/${BASE}/tree/my%2Fbranch`, { revision: 'my/branch' }],
    [`https://huggingface.co/${BASE}/tree/main/checkpoint-500`, { folder: 'checkpoint-500' }],
    [`https://huggingface.co/${BASE}/discussions/3/files`, { revision: 'refs/pr/3' }],
    [`https://huggingface.co/${BASE}/discussions/3`, {}],
    [`https://huggingface.co/${BASE}/blob/main/config.json`, {}],
    [`https://huggingface.co/${BASE}/blob/main/pytorch_model.bin`, { weights: 'pytorch_model.bin' }],
    [
      `https://huggingface.co/${BASE}/resolve/v1.0/a/b/m.pth?download=true`,
      { revision: 'v1.0', folder: 'a/b', weights: 'm.pth' },
    ],
  ])('%j is a place on the hub', (typed, parts) => {
    expect(parseModelAddress(typed)).toEqual(hubAddress(BASE, parts));
  });

  test.each([
    ['https://x.example/models/demo', 'https://x.example/models/demo/', null],
    ['https://x.example/models/demo/', 'https://x.example/models/demo/', null],
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000/', null],
    ['https://x.example/demo/config.json', 'https://x.example/demo/', null],
    ['https://x.example/demo/my.pth', 'https://x.example/demo/', 'https://x.example/demo/my.pth'],
    ['https://x.example/d/m.bin?key=1#a', 'https://x.example/d/', 'https://x.example/d/m.bin?key=1'],
    [
      'https://x.example/d/model.safetensors.index.json',
      'https://x.example/d/',
      'https://x.example/d/model.safetensors.index.json',
    ],
  ])('%j is a place anywhere', (typed, baseUrl, weightsUrl) => {
    expect(parseModelAddress(typed)).toEqual({ kind: 'folder', baseUrl, weightsUrl });
  });

  test('means the mirror that was set, and its addresses', () => {
    const endpoint = 'https://mirror.example/hf';
    expect(parseModelAddress(BASE, `${endpoint}/`)).toEqual(hubAddress(BASE, { endpoint }));
    expect(parseModelAddress(`${endpoint}/${BASE}/tree/v2`, endpoint)).toEqual(
      hubAddress(BASE, { endpoint, revision: 'v2' }),
    );
    expect(parseModelAddress(`https://huggingface.co/${BASE}`, endpoint)).toEqual(hubAddress(BASE));
    expect(parseModelAddress('https://mirror.example/other', endpoint).kind).toBe('folder');
  });

  test.each([
    ['', /^No model was named\. Type a name such as facebook\/vit-mae-base, or/],
    ['vit-mae-base', /lacks the owner's name\. Did you mean facebook\/vit-mae-base\?/],
    ['mae', /"mae" is not the name of a model\. Type/],
    ['a b/c', /is not the name of a model/],
    ['a/b/c', /is not the name of a model/],
    ['../secret', /is not the name of a model/],
    ['a/b..c', /is not the name of a model/],
    ['-a/b', /is not the name of a model/],
    ['a/b.git', /is not the name of a model/],
    [`${BASE}@`, /has no sound revision/],
    [`${BASE}@a b`, /has no sound revision/],
    [`${BASE}@../../x`, /has no sound revision/],
    [`${BASE}@a\u0000b`, /has no sound revision/],
    ['https://', /is not a complete web address/],
    ['file:///home/me/model.bin', /must begin with https/],
    ['https://huggingface.co', /names no model/],
    ['https://huggingface.co/facebook', /names no model/],
    ['https://huggingface.co/datasets/a/b', /is a dataset, not a model/],
    ['https://huggingface.co/spaces/a/b', /is a space, not a model/],
    [`https://huggingface.co/${BASE}/tree/%zz`, /percent sign/],
    [`https://huggingface.co/${BASE}/blob/main/tf.weights.h5`, /"tf\.weights\.h5" is not a file of weights/],
    ['https://x.example/a.onnx', /is not a file of weights that this page reads/],
    ['https://x.example/a?file=b', /has a question mark/],
  ])('%j is refused with advice', (typed, message) => {
    expect(() => parseModelAddress(typed)).toThrow(
      expect.objectContaining({
        name: 'LensError',
        code: 'not-found',
        message: expect.stringMatching(message),
      }),
    );
  });
});

test('addresses of files have their parts escaped', () => {
  const address = hubAddress(BASE, { revision: 'refs/pr/3', folder: 'a b' });
  expect(resolveUrl(address, 'model.safetensors')).toBe(
    `https://huggingface.co/${BASE}/resolve/refs%2Fpr%2F3/a%20b/model.safetensors`,
  );
  expect(resolveUrl(hubAddress(BASE), 'é#.bin', 'c0ffee')).toBe(
    `https://huggingface.co/${BASE}/resolve/c0ffee/%C3%A9%23.bin`,
  );
});

test('every place has a name for people and one to store under, which can be typed again', () => {
  const places = [
    [BASE, BASE, `https://huggingface.co/${BASE}/tree/main`],
    [`${BASE}@refs/pr/3`, `${BASE}@refs/pr/3`, `https://huggingface.co/${BASE}/tree/refs%2Fpr%2F3`],
    [
      `https://huggingface.co/${BASE}/tree/main/a`,
      `${BASE} · a`,
      `https://huggingface.co/${BASE}/tree/main/a`,
    ],
    [
      `https://huggingface.co/${BASE}/blob/main/m.bin`,
      `${BASE} · m.bin`,
      `https://huggingface.co/${BASE}/tree/main#m.bin`,
    ],
    ['https://x.example/demo/', 'x.example/demo', 'https://x.example/demo'],
    ['https://x.example/d/m.pth', 'x.example/d/m.pth', 'https://x.example/d/#https://x.example/d/m.pth'],
  ] as const;
  for (const [typed, title, source] of places) {
    const address = parseModelAddress(typed);
    expect([titleOf(address), sourceOf(address)]).toEqual([title, source]);
  }
});

describe('addressOf', () => {
  test.each([
    ['facebook/vit-mae-base', undefined],
    ['facebook/vit-mae-base', MIRROR],
    ['facebook/vit-mae-large@refs/pr/3', undefined],
    ['https://huggingface.co/some/model/tree/v1.0/a%20folder/inside', undefined],
    [`${MIRROR}/some/model/blob/main/weights/mae.pth`, MIRROR],
    ['https://example.org/models/mine/', undefined],
    ['https://example.org/models/mine/mae_visualize_vit_base.pth?download=true', undefined],
  ])('is the way back from what is stored: %s at %s', (typed, hub) => {
    const address = parseModelAddress(typed, hub);
    expect(addressOf(sourceOf(address))).toEqual(address);
  });
});

describe('a name on the hub', () => {
  test.each([
    [BASE, { repository: BASE, revision: 'main', path: '' }],
    [`${BASE}@main`, { repository: BASE, revision: 'main', path: '' }],
    ['a/b@refs/pr/3:sub/', { repository: 'a/b', revision: 'refs/pr/3', path: 'sub/' }],
    ['a/b:sub//tf_model.h5', { repository: 'a/b', revision: 'main', path: 'sub/tf_model.h5' }],
    ['a/b@v@1:c:d', { repository: 'a/b', revision: 'v@1', path: 'c:d' }],
  ])('%j has these parts, whatever file it names', (text, parts) => {
    expect(parseHubName(text)).toEqual(parts);
    expect(parseHubName(hubName(parts))).toEqual(parts);
  });

  // Which names a model may have was once said twice, and differently: both grammars' exceptions are refused.
  test.each([
    'a/b--c',
    'a/b..c',
    'a/b.git',
    'a/b.',
    'a./b',
    '-a/b',
    `${'a'.repeat(97)}/b`,
    'a/b/c',
    'a',
    'a/b@',
    'a/b@/x',
    'a/b@x y',
    'a/b@\ud800',
    'a/b:../c',
    'a/b:.',
    'a/b:',
    'a/b:/',
    'a/b:c\\d',
    'a/b:\u0000',
    'a/b:\ud800',
  ])('is not %j', (text) => {
    expect(() => parseHubName(text)).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => parseModelAddress(text)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  test('is there for every address on the hub', () => {
    for (const typed of [BASE, `${BASE}@v1:sub/`, `${BASE}:sub/m.pth`]) {
      const address = parseModelAddress(typed);
      if (address.kind !== 'hub') throw new Error('not on the hub');
      expect(hubName({ ...address, path: pathInside(address) })).toBe(typed);
    }
  });
});

test('files beside a file of weights that was named have addresses of their own', () => {
  const address = folderAddress('https://x.example/d/my%20m.pth?key=1');
  expect(fileUrl(address, 'my m.pth')).toBe('https://x.example/d/my%20m.pth?key=1');
  expect(fileUrl(address, 'config.json')).toBe('https://x.example/d/config.json');
  expect(fileUrl(hubAddress(BASE), 'config.json')).toBe(
    `https://huggingface.co/${BASE}/resolve/main/config.json`,
  );
});

test.each([
  ['a/b:tf.weights.h5', /"tf\.weights\.h5" is not a file of weights that this page reads/],
  ['a/b:model.ckpt-1000.data-00000-of-00001', /is not a file of weights that this page reads/],
  ['https://x.example/d/mae.keras', /is not a file of weights that this page reads/],
  ['https://x.example/d/mae.pth.zst', /is not a file of weights that this page reads/],
])('%j names what this page knows and does not read', (typed, message) => {
  expect(() => parseModelAddress(typed)).toThrow(message);
});

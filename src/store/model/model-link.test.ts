import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hubAddress, parseModelAddress } from '../../checkpoint/sources/address.ts';
import type { ModelSource } from '../../engine/engine.ts';
import { hubAddresses } from '../testing/hub-addresses.ts';
import { nameInLinks, readHubName } from './model-link.ts';

const hub = (...address: Parameters<typeof hubAddress>): ModelSource => ({
  kind: 'hub',
  name: 'A model',
  address: hubAddress(...address),
});

test('what a link says of a model is what can be typed to get that very model', () => {
  fc.assert(
    fc.property(hubAddresses, (address) => {
      const name = nameInLinks({ kind: 'hub', name: '', address });
      if (name === null) throw new Error('A model on the hub has no name in links.');
      expect(readHubName(name)).toBe(name);
      expect(parseModelAddress(name)).toEqual(address);
    }),
    { numRuns: 500 },
  );
});

test('whatever is read is either refused or understood', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const candidate of [text, `a/b@${text}`, `a/b:${text}`, `a/b@v1:${text}`]) {
        const name = readHubName(candidate);
        if (name === null) continue;
        expect(readHubName(name)).toBe(name);
        expect(encodeURIComponent(name)).not.toBe('');
      }
    }),
    { numRuns: 500 },
  );
});

describe('a name', () => {
  test.each([
    ['facebook/vit-mae-base', hub('facebook/vit-mae-base')],
    ['facebook/vit-mae-large@refs/pr/3', hub('facebook/vit-mae-large', { revision: 'refs/pr/3' })],
    ['a/b:sub/', hub('a/b', { folder: 'sub' })],
    ['a/b@v1:sub/x.pth', hub('a/b', { revision: 'v1', folder: 'sub', weights: 'x.pth' })],
    ['a/b:x.pth', hub('a/b', { weights: 'x.pth' })],
    ['facebook/vit-mae-base', hub('facebook/vit-mae-base', { endpoint: 'https://mirror.example' })],
    ['demo', { kind: 'url', name: 'Demo model', baseUrl: 'https://example.org/models/demo/' }],
  ] as const)('%s', (name, source) => {
    expect(nameInLinks(source)).toBe(name);
  });

  test('has the main branch without saying so', () => {
    expect(readHubName('facebook/vit-mae-base@main')).toBe('facebook/vit-mae-base');
    expect(readHubName('facebook/vit-mae-base@main:sub/')).toBe('facebook/vit-mae-base:sub/');
  });

  test('is not there for files, nor for a folder elsewhere on the web', () => {
    expect(nameInLinks({ kind: 'files', name: 'x', files: [] })).toBeNull();
    const address = { kind: 'folder', baseUrl: 'https://example.org/secret/', weightsUrl: null } as const;
    expect(nameInLinks({ kind: 'hub', name: 'x', address })).toBeNull();
  });
});

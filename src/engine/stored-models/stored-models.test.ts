import { describe, expect, test } from 'vitest';
import { parseModelAddress, sourceOf } from '../../checkpoint/sources/address.ts';
import { addressOf, createModelStorage } from './stored-models.ts';

const MIRROR = 'http://127.0.0.1:8080/hub';

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

test('a stored model is opened again under its name', () => {
  const storage = createModelStorage();
  const { name, address } = storage.understand('facebook/vit-mae-base@v1', MIRROR);
  const stored = { source: storage.keyOf(address), title: name };
  expect(storage.reopen(stored)).toEqual({ kind: 'hub', name, address });
});

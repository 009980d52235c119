import { expect, test } from 'vitest';
import { createModelStorage } from './stored-models.ts';

const MIRROR = 'http://127.0.0.1:8080/hub';

test('a stored model is opened again under its name', () => {
  const storage = createModelStorage();
  const { name, address } = storage.understand('facebook/vit-mae-base@v1', MIRROR);
  const stored = { source: storage.keyOf(address), title: name };
  expect(storage.reopen(stored)).toEqual({ kind: 'hub', name, address });
});

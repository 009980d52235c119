import { describe, expect, test } from 'vitest';
import { FakeStorage, testLens } from '../testing/fake-engine.ts';

describe('preferences', () => {
  test('outlive the visit', () => {
    const storage = new FakeStorage();
    const first = testLens({ storage }).lens;
    first.setTheme('dark');
    first.setDevice('wasm');
    first.setShortcuts(false);
    const { view, model } = testLens({ storage }).lens.store.getState();
    expect(view).toMatchObject({ theme: 'dark', shortcuts: false });
    expect(model.wantedDevice).toBe('wasm');
  });

  test('of an unknown kind, or in a storage that refuses, are as if absent', () => {
    const storage = new FakeStorage();
    storage.setItem('mae-lens:theme', 'pink');
    expect(testLens({ storage }).lens.store.getState().view.theme).toBe('system');
    const refusing = {
      getItem: () => {
        throw new Error('refused');
      },
      setItem: () => {
        throw new Error('refused');
      },
    };
    const { lens } = testLens({ storage: refusing });
    lens.setTheme('light');
    expect(lens.store.getState().view.theme).toBe('light');
  });
});

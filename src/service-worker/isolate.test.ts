import { expect, test } from 'vitest';
import { type IsolationHost, isolate } from './isolate.ts';

class Memory {
  readonly values = new Map<string, string>();
  getItem = (key: string) => this.values.get(key) ?? null;
  setItem = (key: string, value: string) => void this.values.set(key, value);
  removeItem = (key: string) => void this.values.delete(key);
}

/** A visit to a plain host over https; counts what is done. */
function visit(change: Partial<IsolationHost> = {}) {
  const done = { registered: 0, reloaded: 0 };
  const host: IsolationHost = {
    isolated: false,
    secure: true,
    framed: false,
    register: async () => {
      done.registered += 1;
    },
    memory: new Memory(),
    touched: () => false,
    reload: () => {
      done.reloaded += 1;
    },
    // Longer than any test.
    wait: (ms) => (done.reloaded > 0 ? Promise.resolve() : new Promise((r) => setTimeout(r, ms).unref())),
    ...change,
  };
  return { done, host };
}

test('a first visit registers and reloads once; a second reload never follows', async () => {
  const memory = new Memory();
  const first = visit({ memory });
  await isolate(first.host);
  expect(first.done).toEqual({ registered: 1, reloaded: 1 });
  const again = visit({ memory });
  await isolate(again.host);
  expect(again.done).toEqual({ registered: 0, reloaded: 0 });
});

test('an isolated page does nothing, and forgets that it was tried', async () => {
  const memory = new Memory();
  await isolate(visit({ memory }).host);
  const isolated = visit({ memory, isolated: true });
  await isolate(isolated.host);
  expect(isolated.done).toEqual({ registered: 0, reloaded: 0 });
  // A reload that went past the worker is put right.
  const hard = visit({ memory });
  await isolate(hard.host);
  expect(hard.done.reloaded).toBe(1);
});

test.each<[string, Partial<IsolationHost>]>([
  ['plain http', { secure: false }],
  ['another page’s frame', { framed: true }],
  ['no service workers', { register: undefined }],
])('%s: nothing is done', async (_, change) => {
  const { done, host } = visit(change);
  await isolate(host);
  expect(done).toEqual({ registered: 0, reloaded: 0 });
});

const refuse = () => {
  throw new DOMException('denied', 'SecurityError');
};

test.each<[string, Partial<IsolationHost>]>([
  ['a registration that is refused', { register: () => Promise.reject(new Error('404')) }],
  [
    'a worker that never becomes active',
    { register: () => new Promise(() => {}), wait: () => Promise.resolve() },
  ],
  ['no memory', { memory: null }],
  ['a memory that refuses to read', { memory: { getItem: refuse, setItem: refuse, removeItem: refuse } }],
  [
    'a memory that refuses to write',
    { memory: { getItem: () => null, setItem: refuse, removeItem: refuse } },
  ],
  ['a visitor who has begun', { touched: () => true }],
])('%s: the page goes on without a reload', async (_, change) => {
  const { done, host } = visit(change);
  await isolate(host);
  expect(done.reloaded).toBe(0);
});

test('while the page is being reloaded nothing else begins', async () => {
  let reloading = false;
  let settled = false;
  const { host } = visit({
    reload: () => {
      reloading = true;
    },
    wait: () => new Promise(() => {}),
  });
  void isolate(host).then(() => {
    settled = true;
  });
  for (let i = 0; i < 20; i++) await Promise.resolve();
  expect([reloading, settled]).toEqual([true, false]);
});

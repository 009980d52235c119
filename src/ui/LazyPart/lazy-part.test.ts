import { expect, test } from 'vitest';
import { lazyPart } from './lazy-part.ts';

const Thing = () => null;

test('a part is loaded once, however often it is asked for, and tells when it is there', async () => {
  let fetches = 0;
  const thing = lazyPart(async () => {
    fetches += 1;
    return Thing;
  });
  let told = 0;
  const unsubscribe = thing.subscribe(() => {
    told += 1;
  });
  expect(thing.current()).toBeNull();
  expect(await Promise.all([thing.load(), thing.load()])).toEqual([Thing, Thing]);
  expect(await thing.load()).toBe(Thing);
  expect(thing.current()).toBe(Thing);
  expect([fetches, told]).toEqual([1, 1]);
  unsubscribe();
});

test('a failure is not kept: the next try loads it', async () => {
  let online = false;
  const thing = lazyPart(async () => {
    if (!online) throw new TypeError('Failed to fetch');
    return Thing;
  });
  await expect(thing.load()).rejects.toThrow('Failed to fetch');
  expect(thing.current()).toBeNull();
  online = true;
  expect(await thing.load()).toBe(Thing);
});

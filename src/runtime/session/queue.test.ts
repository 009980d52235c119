import { expect, test } from 'vitest';
import { SerialQueue } from './queue.ts';

test('tasks never overlap and keep their order, and a failure holds up nothing', async () => {
  const queue = new SerialQueue();
  const events: string[] = [];
  const task = (name: string, fails = false) =>
    queue.add(async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      events.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([task('a'), task('b', true), task('c')]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

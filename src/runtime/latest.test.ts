import { expect, test } from 'vitest';
import { latestWins } from './latest.ts';

test('the first runs, of those that wait only the newest does, and the others are cancelled', async () => {
  const ran: number[] = [];
  const finish: (() => void)[] = [];
  const call = latestWins(async (input: number) => {
    ran.push(input);
    await new Promise<void>((resolve) => finish.push(resolve));
    return input * 10;
  });
  const results = [1, 2, 3, 4].map((input) => call(input).catch((error: unknown) => error));
  expect(await results[1]).toMatchObject({ code: 'cancelled' });
  expect(await results[2]).toMatchObject({ code: 'cancelled' });
  finish[0]?.();
  expect(await results[0]).toBe(10);
  finish[1]?.();
  expect(await results[3]).toBe(40);
  expect(ran).toEqual([1, 4]);
});

test('a failure reaches its caller, and the next call runs', async () => {
  const call = latestWins(async (input: number) => {
    if (input < 0) throw new RangeError('negative');
    return input;
  });
  await expect(call(-1)).rejects.toThrow(RangeError);
  await expect(call(7)).resolves.toBe(7);
});

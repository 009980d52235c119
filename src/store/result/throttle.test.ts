import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { throttled } from './throttle.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function ready(forwardMs: number | null) {
  const started: number[] = [];
  let forgotten = 0;
  const runner = {
    request: (job: number) => started.push(job),
    forget: () => {
      forgotten += 1;
    },
    working: () => null,
  };
  const throttle = throttled<number>(
    { ...runner, request: (job) => void runner.request(job) },
    () => forwardMs,
  );
  return { throttle, started, forgotten: () => forgotten };
}

/** A change every 16 ms, as a drag makes them. */
function drag(request: (job: number) => void, changes: number): void {
  for (let job = 1; job <= changes; job++) {
    request(job);
    vi.advanceTimersByTime(16);
  }
}

test.each([null, 20, 80])('a model that takes %s ms runs at every change', (forwardMs) => {
  const { throttle, started } = ready(forwardMs);
  drag(throttle.request, 10);
  expect(started).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('a slow one runs at the first change, now and then while the hand moves, and once it rests', () => {
  const { throttle, started } = ready(100);
  drag(throttle.request, 60);
  // 960 ms of movement, at most one start in 300 ms.
  expect(started).toHaveLength(4);
  expect(started[0]).toBe(1);
  expect(started).not.toContain(60);
  vi.advanceTimersByTime(120);
  expect(started.at(-1)).toBe(60);
  expect(started).toHaveLength(5);
});

test('letting go starts it at once, and only once', () => {
  const { throttle, started } = ready(100);
  drag(throttle.request, 3);
  expect(started).toEqual([1]);
  throttle.rest();
  expect(started).toEqual([1, 3]);
  vi.advanceTimersByTime(1000);
  throttle.rest();
  expect(started).toEqual([1, 3]);
});

test('single changes are not held back', () => {
  const { throttle, started } = ready(2000);
  for (const job of [1, 2, 3]) {
    throttle.request(job);
    vi.advanceTimersByTime(300);
  }
  expect(started).toEqual([1, 2, 3]);
});

test('what is held counts as work, and can be forgotten', async () => {
  const { throttle, started, forgotten } = ready(100);
  drag(throttle.request, 2);
  const working = throttle.working();
  expect(working).not.toBeNull();
  const before = forgotten();
  throttle.forget();
  expect(forgotten()).toBe(before + 1);
  await working;
  vi.advanceTimersByTime(1000);
  expect(started).toEqual([1]);
  expect(throttle.working()).toBeNull();
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ModelPhase } from './engine.ts';
import { paced } from './paced.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const loading = (loadedBytes: number): ModelPhase => ({
  phase: 'loading',
  file: 'model.safetensors',
  loadedBytes,
  totalBytes: 1000,
});

test('a download is told now and then, its newest state always in the end', () => {
  const told: ModelPhase[] = [];
  const tell = paced((phase) => told.push(phase));
  for (let bytes = 1; bytes <= 500; bytes++) tell(loading(bytes));
  expect(told).toEqual([loading(1)]);
  vi.advanceTimersByTime(100);
  expect(told).toEqual([loading(1), loading(500)]);
  tell(loading(501));
  vi.advanceTimersByTime(1000);
  expect(told.at(-1)).toEqual(loading(501));
  expect(told.length).toBe(3);
  tell(loading(502));
  expect(told.at(-1)).toEqual(loading(502));
});

test('what comes after the download is told at once, and nothing older after it', () => {
  const told: ModelPhase[] = [];
  const tell = paced((phase) => told.push(phase));
  tell(loading(1));
  tell(loading(2));
  tell({ phase: 'compiling' });
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([loading(1), { phase: 'compiling' }]);
});

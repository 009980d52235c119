import { describe, expect, test } from 'vitest';
import { ProgressMeter, type TransferProgress } from './progress.ts';

describe('progress', () => {
  test('is told at most ten times a second, with speed and time left', () => {
    let time = 0;
    const steps: TransferProgress[] = [];
    const meter = new ProgressMeter(
      'a.bin',
      (step) => steps.push(step),
      () => time,
    );
    meter.moveTo(1000, 101_000);
    // 1 kB every 10 ms is 100 kB in a second.
    for (time = 10; time <= 1000; time += 10) meter.receive(1000);
    meter.moveTo(101_000, 101_000);
    expect(steps[0]).toEqual({
      file: 'a.bin',
      loadedBytes: 1000,
      totalBytes: 101_000,
      bytesPerSecond: null,
      secondsLeft: null,
    });
    expect(steps).toHaveLength(12);
    expect(steps[5]).toMatchObject({ loadedBytes: 51_000, bytesPerSecond: 100_000, secondsLeft: 0.5 });
    expect(steps.at(-1)).toMatchObject({ loadedBytes: 101_000, secondsLeft: 0 });
  });

  test('follows the speed of the last seconds', () => {
    let time = 0;
    let last: TransferProgress | undefined;
    const meter = new ProgressMeter(
      'a.bin',
      (step) => (last = step),
      () => time,
    );
    for (time = 100; time <= 20_000; time += 100) meter.receive(time <= 10_000 ? 100_000 : 1000);
    expect(last?.bytesPerSecond).toBeCloseTo(10_000, -2);
    expect(last?.secondsLeft).toBeNull();
  });

  test('does not count what was there before, nor go mad when a download starts over', () => {
    let time = 0;
    let last: TransferProgress | undefined;
    const meter = new ProgressMeter(
      'a.bin',
      (step) => (last = step),
      () => time,
    );
    meter.moveTo(1e9, 2e9);
    time = 1000;
    meter.receive(1000);
    expect(last?.bytesPerSecond).toBe(1000);
    meter.moveTo(0, 2e9);
    time = 2000;
    meter.receive(1000);
    expect(last).toMatchObject({ loadedBytes: 1000, bytesPerSecond: 1000 });
  });

  test('stops believing a total that proves too small', () => {
    let last: TransferProgress | undefined;
    const meter = new ProgressMeter(
      'a.bin',
      (step) => (last = step),
      () => 0,
    );
    meter.moveTo(2000, 1000);
    expect(last).toMatchObject({ loadedBytes: 2000, totalBytes: null, secondsLeft: null });
  });
});

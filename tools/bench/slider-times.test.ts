import { expect, test } from 'vitest';
import { sliderTimes } from './slider-times.ts';

/** 196 patches: 75 % keeps 49, 50 % 98, 60 % 78. */
const PATCHES = 196;

test('an image’s time is from its own input to its own drawing', () => {
  const recording = {
    inputs: [{ at: 100, value: 50 }],
    runs: [{ start: 101, end: 123, kept: 98, encoderMs: 12, decoderMs: 8 }],
    draws: [
      { at: 50, shown: 60 },
      { at: 125, shown: 140 },
    ],
  };
  expect(sliderTimes(recording, PATCHES)).toEqual([{ toCanvas: 25, toScreen: 40, forward: 20, rest: 5 }]);
});

test('waiting for the run before is no work of the page', () => {
  const recording = {
    inputs: [
      { at: 100, value: 75 },
      { at: 105, value: 50 },
      { at: 110, value: 60 },
    ],
    runs: [
      { start: 101, end: 121, kept: 49, encoderMs: 8, decoderMs: 10 },
      // 50 % was never run: a newer input had come.
      { start: 123, end: 145, kept: 78, encoderMs: 10, decoderMs: 10 },
    ],
    draws: [
      { at: 122, shown: 130 },
      { at: 147, shown: 160 },
    ],
  };
  expect(sliderTimes(recording, PATCHES)).toEqual([
    { toCanvas: 22, toScreen: 30, forward: 18, rest: 4 },
    { toCanvas: 37, toScreen: 50, forward: 20, rest: 5 },
  ]);
});

test('the newest input counts, and none after the run began', () => {
  const recording = {
    inputs: [
      { at: 10, value: 75 },
      { at: 100, value: 75 },
      { at: 130, value: 75 },
    ],
    runs: [{ start: 101, end: 120, kept: 49, encoderMs: 9, decoderMs: 9 }],
    draws: [{ at: 121, shown: 125 }],
  };
  expect(sliderTimes(recording, PATCHES)).toMatchObject([{ toCanvas: 21 }]);
});

test('runs that were not drawn, or that no input asked for, are left out', () => {
  const recording = {
    inputs: [{ at: 100, value: 75 }],
    runs: [
      { start: 20, end: 40, kept: 98, encoderMs: 9, decoderMs: 9 },
      { start: 101, end: 120, kept: 49, encoderMs: 9, decoderMs: 9 },
      { start: 121, end: 140, kept: 49, encoderMs: 9, decoderMs: 9 },
    ],
    draws: [
      { at: 41, shown: 50 },
      { at: 141, shown: 150 },
    ],
  };
  expect(sliderTimes(recording, PATCHES)).toEqual([{ toCanvas: 41, toScreen: 50, forward: 18, rest: 23 }]);
});

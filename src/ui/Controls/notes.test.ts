import { expect, test } from 'vitest';
import { en } from '../../locales/en.ts';
import { answer, readyLens, settle } from '../../store/testing/fake-engine.ts';
import { paceNote } from './notes.ts';

test('a model that cannot follow the hand says so, and one that can says nothing', async () => {
  const { lens, engine } = await readyLens();
  expect(paceNote(lens.store.getState(), en)).toBeNull();
  lens.setRatio(0.5);
  const { input, resolve } = engine.lastRun;
  resolve({ ...answer(input.mask, 0.4), encoderMs: 143, decoderMs: 190 });
  await settle();
  expect(paceNote(lens.store.getState(), en)).toMatch(/when your hand rests/);
});

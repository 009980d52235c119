import { describe, expect, test } from 'vitest';
import { LensError, learnSentences, toLensError } from '../../base/errors.ts';
import { errors } from '../../locales/en/errors.ts';
import { en } from '../../locales/en.ts';
import { testLens } from '../testing/fake-engine.ts';
import { told } from '../testing/told.ts';
import { messageText } from './message.ts';

/** What stands for another language. */
const other = {
  ...en,
  notices: { ...en.notices, 'model-saved': ({ fileName }: { fileName: string }) => `Gesichert: ${fileName}` },
};

describe('a message', () => {
  test('is said in the language that is asked for, with what stands in it', () => {
    const saved = { key: 'model-saved', params: { fileName: 'a.zip' } } as const;
    expect(messageText(saved, en)).toBe('The model was saved as a.zip.');
    expect(messageText(saved, other)).toBe('Gesichert: a.zip');
    expect(messageText({ key: 'figure-copied' }, en)).toBe('The figure is on the clipboard.');
  });

  test('that is an error too; one without a key in English', () => {
    const error = new LensError('seed-invalid/not-whole');
    expect(messageText(error, en)).toBe(error.message);
    learnSentences({ 'seed-invalid/not-whole': 'Keine ganze Zahl.' });
    expect(messageText(error, other)).toBe('Keine ganze Zahl.');
    learnSentences(errors);
    expect(messageText(error, en)).toBe('A seed is a whole number, such as 2.');
    const without = new LensError('network', 'The connection failed.');
    expect(messageText(without, other)).toBe('The connection failed.');
  });

  test('of a stranger’s error has its words as the reason', () => {
    const cause = new Error('odd');
    const error = toLensError(cause, 'image-broken/open', { name: 'cat.png' });
    expect(error).toMatchObject({
      code: 'image-broken',
      key: 'image-broken/open',
      params: { name: 'cat.png', reason: 'odd' },
      message: '“cat.png” could not be opened. (odd)',
      cause,
    });
    expect(toLensError(error, 'engine-failed/sweep')).toBe(error);
  });
});

describe('a notice', () => {
  test('is the newest one, each with a key of its own, until it is dismissed', () => {
    const { lens } = testLens();
    const { getState } = lens.store;
    lens.tell('note', { key: 'link-copied' }, 'tools');
    const first = getState().notice;
    lens.tell('note', { key: 'link-copied' }, 'tools');
    expect(getState().notice).toEqual({ ...first, key: (first?.key ?? 0) + 1 });
    lens.dismissNotice();
    expect(getState().notice).toBeNull();
  });

  test('may be several sentences, and offer a model', () => {
    const { lens } = testLens();
    lens.tell('note', [{ key: 'link-painted' }, new LensError('seed-invalid/not-whole')], 'stage', 'a/b');
    expect(told(lens)).toMatch(/^The link’s painted mask .* A seed is a whole number, such as 2\.$/);
    expect(lens.store.getState().notice).toMatchObject({ kind: 'note', place: 'stage', model: 'a/b' });
  });
});

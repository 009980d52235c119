// @vitest-environment jsdom
import { act, cleanup, render } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import { PUBLISHED_PREPROCESSOR } from '../../image/published.ts';
import { marked, unmarked } from '../../locales/testing/marked.ts';
import type { Lens } from '../../store/lens.ts';
import {
  answer,
  type FakeEngine,
  last,
  modelInfo,
  readyLens,
  settle,
  testLens,
} from '../../store/testing/fake-engine.ts';
import { recordCanvases } from '../testing/canvas.ts';
import { App } from './App.tsx';
import { loadLazyParts } from './lazy-parts.ts';

beforeAll(loadLazyParts);

beforeEach(() => {
  recordCanvases();
});

afterEach(cleanup);

/** Names and numbers are no words: what the page was given, what others call themselves, units, keys, Python. */
const NAMES =
  /\b(?:Cat|Cup|Test model|Demo model|facebook\/[\w-]+|WebGPU|PyTorch|NumPy|float(?:16|32)|int8|torch\.[\w.]+|rand|np\.[\w.]+|uniform|size|CLS|Ctrl|Shift|[A-Z]|ms|[kMG]B|bytes?|dB|x)\b/g;

const SPOKEN = ['aria-label', 'aria-description', 'aria-valuetext', 'placeholder', 'title', 'alt'] as const;

/** Everything that is read or heard on the page, without names. */
function strangers(): string[] {
  const pieces = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let read = '';
  while (pieces.nextNode() !== null) read += `\n${pieces.currentNode.nodeValue}`;
  const texts = [read];
  for (const element of document.querySelectorAll('*')) {
    for (const name of SPOKEN) texts.push(element.getAttribute(name) ?? '');
  }
  const words = texts.map((text) => unmarked(text).replaceAll(NAMES, ' '));
  return [...new Set(words.flatMap((text) => text.match(/\p{Letter}[\p{Letter} ]+/gu) ?? []))];
}

/** With a model that says how it wants its images. */
async function preparedLens() {
  const made = testLens();
  made.lens.start();
  made.engine.lastLoad.resolve(modelInfo({ parameters: 1e8, preprocessor: PUBLISHED_PREPROCESSOR }));
  await settle();
  return made;
}

async function page({ lens, engine }: { readonly lens: Lens; readonly engine: FakeEngine }) {
  render(<App lens={lens} words={marked} />);
  await act(settle);
  return { lens, engine };
}

describe('every word of the page is one of its language', () => {
  test('before the model is there', async () => {
    const made = testLens();
    made.lens.start();
    await page(made);
    expect(strangers()).toEqual([]);
    act(() =>
      made.engine.lastLoad.input.onPhase({ phase: 'loading', file: '', loadedBytes: 2e6, totalBytes: 9e6 }),
    );
    act(() => made.lens.models.setOpen(true));
    await act(settle);
    expect(strangers()).toEqual([]);
  });

  test('and when it has painted, with everything shown', async () => {
    const { lens, engine } = await page(await readyLens());
    expect(document.documentElement.lang).toBe(marked.format.tag);
    act(() => {
      lens.toggleErrors();
      lens.toggleOrder();
      lens.toggleInterpolation();
      lens.setStrategy('block');
      lens.pointAt(20);
    });
    await act(async () => {
      const { input, resolve } = engine.lastRun;
      resolve(answer(input.mask, 0.4));
      const { input: interpolated, resolve: fill } = last(engine.interpolations);
      const patchErrors = new Float32Array(interpolated.mask.length);
      fill({ panel: new Uint8ClampedArray(224 * 224 * 3), loss: 0.5, patchErrors, ms: 5 });
      await settle();
    });
    expect(strangers()).toEqual([]);
  });

  test.each(['help', 'python', 'compare', 'models', 'onnx', 'runs'] as const)('in %s', async (what) => {
    const { lens } = await page(await preparedLens());
    await act(async () => {
      if (what === 'help') lens.setHelp(true);
      else if (what === 'models') lens.models.setOpen(true);
      else if (what === 'runs') lens.sweeps.setOpen(true);
      else if (what === 'onnx') {
        lens.models.setOpen(true);
        lens.modelExport.open();
      } else lens.setDialog(what);
      await settle();
    });
    for (const code of document.querySelectorAll('pre')) code.remove();
    expect(strangers()).toEqual([]);
  });

  test.each(['Save', 'Device: ', 'Masking: '])('behind the button “%s”', async (name) => {
    await page(await preparedLens());
    const trigger = [...document.querySelectorAll<HTMLElement>('button[aria-haspopup]')].find((button) =>
      (button.getAttribute('aria-label') ?? button.textContent ?? '').startsWith(`⟦${name}`),
    );
    await act(async () => {
      trigger?.click();
      await settle();
    });
    expect(trigger?.getAttribute('aria-expanded')).toBe('true');
    expect(strangers()).toEqual([]);
  });

  test('where something failed', async () => {
    const { lens, engine } = await page(await readyLens());
    await act(async () => {
      lens.setSeed('x');
      lens.setRatio(0.3);
      engine.lastRun.reject(new LensError('cancelled/comparison'));
      lens.tell('note', { key: 'link-copied' }, 'tools');
      await settle();
    });
    expect(strangers()).toEqual([]);
  });
});

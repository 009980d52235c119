import { beforeEach, describe, expect, test, vi } from 'vitest';
import { hubAddress, parseModelAddress } from '../../checkpoint/sources/address.ts';
import { squareGrid } from '../../mae/geometry.ts';
import { SAMPLES } from '../image/samples.ts';
import type { Lens } from '../lens.ts';
import { type FakeEngine, file, modelInfo, settle, testLens } from '../testing/fake-engine.ts';
import { told } from '../testing/told.ts';
import { type AddressBar, embedCode, linkAddress, startWithAddress } from './address.ts';
import { packPainted } from './mask-codec.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

/** A browser's history. */
class FakeBar implements AddressBar {
  entries: string[];
  at = 0;
  writes = 0;
  #listener = (): void => {};

  constructor(fragment = '') {
    this.entries = [fragment];
  }

  read(): string {
    return `#${this.now}`;
  }

  replace(fragment: string): void {
    this.writes += 1;
    this.entries[this.at] = fragment;
  }

  push(fragment: string): void {
    this.writes += 1;
    this.entries.splice(++this.at, Infinity, fragment);
  }

  watch(onChange: () => void): () => void {
    this.#listener = onChange;
    return () => {
      this.#listener = () => {};
    };
  }

  get now(): string {
    return this.entries[this.at] ?? '';
  }

  async go(by: number): Promise<void> {
    this.at += by;
    this.#listener();
    await settle();
  }
}

async function page(fragment = ''): Promise<{ lens: Lens; bar: FakeBar; engine: FakeEngine }> {
  const { lens, engine } = testLens({ samples: SAMPLES });
  const bar = new FakeBar(fragment);
  startWithAddress(lens, bar);
  engine.lastLoad.resolve(modelInfo());
  await settle();
  return { lens, bar, engine };
}

const state = (lens: Lens) => lens.store.getState();
const rest = () => vi.advanceTimersByTime(1000);

describe('the address', () => {
  test('of the usual page is empty, and is not written', async () => {
    const { bar, lens } = await page();
    rest();
    expect(bar.writes).toBe(0);
    expect(state(lens).settings.sample).toBe('cat');
    expect(state(lens).notice).toBeNull();
  });

  test('makes the page: mask, image, view', async () => {
    const { lens, bar } = await page(
      'image=coffee&ratio=0.5&seed=7&generator=numpy&strategy=block&view=grid,errors&hide=seed',
    );
    expect(state(lens)).toMatchObject({
      settings: { sample: 'coffee', ratio: 0.5, seed: '7', generator: 'numpy', strategy: 'block' },
      view: { patchGrid: true, errors: true, order: false },
      frame: { hide: ['seed'] },
      history: { past: [] },
    });
    rest();
    expect(bar.writes).toBe(0);
  });

  test('follows small changes once the hand rests, in place of the last', async () => {
    const { lens, bar } = await page();
    for (let ratio = 70; ratio >= 40; ratio--) lens.setRatio(ratio / 100);
    expect(bar.writes).toBe(0);
    rest();
    expect(bar.entries).toEqual(['ratio=0.4']);
    lens.setRatio(0.75);
    rest();
    expect(bar.entries).toEqual(['']);
    expect(bar.writes).toBe(2);
  });

  test('holds the painted patches, and gives them back', async () => {
    const { lens, bar } = await page();
    lens.paint(new Map([[3, 'kept']]));
    rest();
    const again = await page(bar.now);
    expect([...state(again.lens).settings.painted]).toEqual([[3, 'kept']]);
    expect(state(again.lens).masking.mask).toEqual(state(lens).masking.mask);
  });

  test('goes back and forward between samples and strategies, with what each had', async () => {
    const { lens, bar } = await page();
    lens.setRatio(0.6);
    lens.setStrategy('block');
    await lens.openSample('rocket');
    lens.setRatio(0.3);
    rest();
    expect(bar.entries).toEqual([
      'ratio=0.6',
      'ratio=0.6&strategy=block',
      'image=rocket&ratio=0.3&strategy=block',
    ]);
    await bar.go(-1);
    expect(state(lens).settings).toMatchObject({ sample: 'cat', ratio: 0.6, strategy: 'block' });
    await bar.go(-1);
    expect(state(lens).settings).toMatchObject({ sample: 'cat', ratio: 0.6, strategy: 'random' });
    await bar.go(2);
    expect(state(lens).settings).toMatchObject({ sample: 'rocket', ratio: 0.3, strategy: 'block' });
    rest();
    expect(bar.entries.length).toBe(3);
  });

  test('that cannot be used says why, and the page is as usual', async () => {
    const { lens } = await page('ratio=2&seed=abc&strategy=stripes');
    expect(state(lens).notice).toMatchObject({ kind: 'note', place: 'stage' });
    expect(told(lens)).toMatch(/mask ratio cannot be used.*seed cannot.*strategy cannot/);
    expect(state(lens).settings).toMatchObject({ ratio: 0.75, seed: '2', strategy: 'random' });
  });

  test('with paint for another grid says so', async () => {
    const { lens } = await page(
      `painted=${packPainted({ grid: squareGrid(4), painted: new Map([[3, 'masked']]) })}`,
    );
    expect(told(lens)).toContain('4 x 4 patches');
    expect(state(lens).settings.painted.size).toBe(0);
  });

  test('with paint for another grid has it when a model with that grid comes', async () => {
    const painted = packPainted({ grid: squareGrid(4), painted: new Map([[3, 'kept']]) });
    const { lens, engine } = await page(`ratio=1&painted=${painted}`);
    lens.setDevice('wasm');
    engine.lastLoad.resolve(modelInfo({ imageSize: 64 }));
    await settle();
    expect([...state(lens).settings.painted]).toEqual([[3, 'kept']]);
    expect(state(lens).masking.mask[3]).toBe(0);
  });

  test('with another model names it, downloads nothing, and keeps the name', async () => {
    const { lens, bar } = await page('model=facebook/vit-mae-base');
    expect(told(lens)).toContain('facebook/vit-mae-base');
    expect(state(lens).notice?.model).toBe('facebook/vit-mae-base');
    expect(state(lens).model.source.kind).toBe('url');
    lens.setRatio(0.5);
    rest();
    expect(bar.now).toBe('model=facebook/vit-mae-base&ratio=0.5');
  });

  test('has the revision of a model on the hub, and offers that very one', async () => {
    const { lens, bar, engine } = await page();
    const address = hubAddress('facebook/vit-mae-large', { revision: 'refs/pr/3' });
    lens.loadModel({ kind: 'hub', name: 'facebook/vit-mae-large', address });
    engine.lastLoad.resolve(modelInfo());
    await settle();
    rest();
    expect(bar.now).toBe('model=facebook/vit-mae-large@refs/pr/3');

    const other = await page(bar.now);
    const { notice } = state(other.lens);
    expect(notice?.model).toBe('facebook/vit-mae-large@refs/pr/3');
    expect(parseModelAddress(notice?.model ?? '')).toEqual(address);
    // Once it is here, it is no stranger any more.
    other.lens.loadModel({ kind: 'hub', name: 'facebook/vit-mae-large', address });
    other.engine.lastLoad.resolve(modelInfo());
    await settle();
    rest();
    expect(other.bar.now).toBe(bar.now);
  });

  test('shows the interpolation, and hides it again', async () => {
    const { lens, bar, engine } = await page('view=interpolation');
    expect(state(lens).view.interpolation).toBe(true);
    expect(engine.interpolations.length).toBe(1);
    lens.toggleInterpolation();
    rest();
    expect(bar.now).toBe('');
    lens.toggleInterpolation();
    lens.toggleOrder();
    rest();
    expect(bar.now).toBe('view=order,interpolation');
  });

  test('of an image of one’s own says only that', async () => {
    const { lens, bar } = await page();
    await lens.openFiles([file('secret.png')], 'samples');
    rest();
    expect(bar.now).toBe('image=own');
    const again = await page(bar.now);
    expect(told(again.lens)).toContain('never goes into a link');
    expect(state(again.lens).settings.sample).toBe('cat');
  });

  test('can be had for copying, and as HTML for another page', async () => {
    const { lens } = await page('ratio=0.5&view=grid');
    expect(linkAddress(state(lens), 'https://example.org/lens/?x=1#old')).toBe(
      'https://example.org/lens/?x=1#ratio=0.5&view=grid',
    );
    expect(embedCode(state(lens), 'https://example.org/')).toContain(
      'src="https://example.org/#ratio=0.5&amp;view=grid&amp;embed=1"',
    );
  });
});

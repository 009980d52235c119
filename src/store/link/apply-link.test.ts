import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hubAddress } from '../../checkpoint/sources/address.ts';
import { sameGrid, squareGrid } from '../../mae/geometry.ts';
import { SAMPLES } from '../image/samples.ts';
import { modelInfo, readyLens, settle, testLens } from '../testing/fake-engine.ts';
import { links } from '../testing/links.ts';
import { words } from '../testing/told.ts';
import { applyLink, linkMessages, linkOf } from './apply-link.ts';
import { DEFAULT_LINK, formatLink, type Link, parseLink } from './link.ts';
import { packPainted } from './mask-codec.ts';

const stateAtFirst = () => testLens({ samples: SAMPLES }).lens.store.getState();

/** The link as far as a page of 14 x 14 patches with an image and a model can show it. */
function asShown(link: Link, before: Link): Link {
  return {
    ...link,
    model: link.model ?? before.model,
    sample: link.sample ?? before.sample,
    painted: link.painted !== null && sameGrid(link.painted.grid, squareGrid(14)) ? link.painted : null,
  };
}

describe('a link that is applied', () => {
  test('is the link of the state that it made, whatever was there before', () => {
    const start = stateAtFirst();
    fc.assert(
      fc.property(links, links, (first, second) => {
        const before = applyLink(start, first);
        expect(linkOf(before)).toEqual(asShown(first, DEFAULT_LINK));
        const after = applyLink(before, second);
        expect(formatLink(linkOf(after))).toBe(
          formatLink(asShown(second, { ...linkOf(before), model: DEFAULT_LINK.model })),
        );
      }),
    );
  });

  test('comes back from its own text', () => {
    const start = stateAtFirst();
    fc.assert(
      fc.property(links, (link) => {
        const shown = formatLink(linkOf(applyLink(start, link)));
        const again = applyLink(start, parseLink(shown).link);
        expect(formatLink(linkOf(again))).toBe(shown);
        expect(again.masking.mask).toEqual(applyLink(start, link).masking.mask);
      }),
    );
  });

  test('changes nothing of the state that it is given', () => {
    const state = Object.freeze(stateAtFirst());
    const copy = { ...state };
    const after = applyLink(state, parseLink('ratio=0.5&view=grid&embed=1').link);
    expect(state).toEqual(copy);
    expect(after.masking.kept).toBe(98);
    expect(after.masking.settings).toBe(after.settings);
  });

  test('is one step that undo takes back, and none where it says what is there', () => {
    const state = stateAtFirst();
    const after = applyLink(state, parseLink('ratio=0.5&seed=7&strategy=block').link);
    expect(after.history.past).toEqual([state.history.present]);
    expect(after.history.present).toMatchObject({ ratio: 0.5, seed: '7', strategy: 'block' });
    expect(applyLink(after, linkOf(after)).history).toBe(after.history);
  });

  test('ends a draft and a failed run: they were about other settings', () => {
    const { lens } = testLens({ samples: SAMPLES });
    lens.setSeed('two');
    const after = applyLink(lens.store.getState(), DEFAULT_LINK);
    expect(after).toMatchObject({ draft: null, resultError: null, settings: { seed: '2' } });
  });

  test('wants its sample, and none that is there or that the page does not have', async () => {
    const { lens } = await readyLens({ samples: SAMPLES });
    const state = lens.store.getState();
    const wanted = (text: string) => applyLink(state, parseLink(text).link).wantedSample;
    expect(wanted('image=rocket')).toBe('rocket');
    expect(wanted('image=cat')).toBeNull();
    expect(wanted('image=own')).toBeNull();
    const few = { ...state, samples: SAMPLES.slice(0, 1) };
    expect(applyLink(few, parseLink('image=rocket').link).wantedSample).toBeNull();
  });
});

describe('what is told of a link', () => {
  const toldOf = (text: string) => {
    const parsed = parseLink(text);
    return words(linkMessages(applyLink(stateAtFirst(), parsed.link), parsed));
  };

  test('is nothing when all of it could be used', () => {
    expect(toldOf('ratio=0.5&painted=&image=rocket&model=demo')).toEqual([]);
  });

  test('is what could not be used, then what the page does not have', () => {
    expect(toldOf('ratio=2&painted=2.G&model=a/b&image=own')).toEqual([
      expect.stringContaining('mask ratio'),
      expect.stringMatching(/2 x 2 patches, but this model has 14 x 14/),
      expect.stringContaining('the model a/b'),
      expect.stringContaining('image of somebody’s own'),
    ]);
    expect(toldOf('model=own')).toEqual([expect.stringContaining('model opened from files')]);
  });
});

describe('opening a link', () => {
  test('opens its sample, once, and loads no model', async () => {
    const { lens, engine } = await readyLens({ samples: SAMPLES });
    const loads = engine.loads.length;
    const prepared = engine.prepared.length;
    const first = lens.openLink(parseLink('image=rocket&model=facebook/vit-mae-base'));
    await Promise.all([first, lens.openLink(parseLink('image=rocket&ratio=0.5'))]);
    expect(engine.prepared.length).toBe(prepared + 1);
    expect(lens.store.getState()).toMatchObject({
      settings: { sample: 'rocket', ratio: 0.5 },
      wantedSample: null,
      linkedModel: null,
    });
    expect(engine.loads.length).toBe(loads);
  });

  test('back to the image on the stage, while another one is on its way', async () => {
    const { lens } = await readyLens({ samples: SAMPLES });
    const away = lens.openLink(parseLink('image=rocket'));
    await Promise.all([away, lens.openLink(parseLink(''))]);
    expect(lens.store.getState()).toMatchObject({ image: { name: 'Cat' }, settings: { sample: 'cat' } });
  });

  test('asks the engine for its mask', async () => {
    const { lens, engine } = await readyLens({ samples: SAMPLES });
    const runs = engine.runs.length;
    void lens.openLink(parseLink('ratio=0.5'));
    expect(engine.runs.length).toBe(runs + 1);
    expect(engine.lastRun.input.mask.idsKeep.length).toBe(98);
  });

  test('ends the step under way: the next drag is a step of its own', async () => {
    const { lens } = await readyLens({ samples: SAMPLES });
    lens.setRatio(0.6);
    void lens.openLink(parseLink('ratio=0.5'));
    lens.setRatio(0.4);
    lens.undo();
    expect(lens.store.getState().settings.ratio).toBe(0.5);
    lens.undo();
    expect(lens.store.getState().settings.ratio).toBe(0.6);
  });

  test('whose sample cannot be had leaves the image, and its name in links', async () => {
    const { lens } = await readyLens({
      samples: SAMPLES,
      fetchSample: ({ id }) =>
        id === 'cat' ? Promise.resolve(new Blob(['x'])) : Promise.reject(new Error('offline')),
    });
    await lens.openLink(parseLink('image=rocket&ratio=0.5'));
    expect(lens.store.getState()).toMatchObject({ image: { name: 'Cat' }, wantedSample: null });
    expect(formatLink(linkOf(lens.store.getState()))).toBe('ratio=0.5');
  });

  test('keeps what was painted on another grid until a model with that grid is used', async () => {
    const { lens, engine } = await readyLens({ samples: SAMPLES });
    const painted = packPainted({ grid: squareGrid(4), painted: new Map([[3, 'kept']]) });
    void lens.openLink(parseLink(`painted=${painted}`));
    const { linkedPaint, settings } = lens.store.getState();
    expect(settings.painted.size).toBe(0);
    expect(linkedPaint?.grid).toEqual(squareGrid(4));
    lens.loadModel({ kind: 'hub', name: 'a/b', address: hubAddress('a/b') });
    engine.lastLoad.resolve(modelInfo({ imageSize: 64 }));
    await settle();
    expect(lens.store.getState()).toMatchObject({ linkedPaint: null, history: { past: [] } });
    expect(lens.store.getState().settings.painted).toEqual(linkedPaint?.painted);
  });
});

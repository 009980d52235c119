// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import { file, modelInfo, readyLens, settle } from '../../store/testing/fake-engine.ts';
import { FakeModelStorage, planOf } from '../../store/testing/fake-models.ts';
import { App } from '../App/App.tsx';
import { loadLazyParts } from '../App/lazy-parts.ts';
import { recordCanvases } from '../testing/canvas.ts';

const BASE = 'facebook/vit-mae-base';
const HUGE = 'facebook/vit-mae-huge';

beforeAll(loadLazyParts);

beforeEach(() => {
  recordCanvases();
});

afterEach(cleanup);

/** The page with its model loaded and the list of models open. */
async function list(models = new FakeModelStorage()) {
  const made = await readyLens({ models });
  render(<App lens={made.lens} />);
  await userEvent.click(screen.getByRole('button', { name: 'Model: Test model' }));
  await act(settle);
  return { ...made, models };
}

const popup = () => within(screen.getByRole('dialog', { name: 'Model' }));
const press = (name: string | RegExp) => userEvent.click(popup().getByRole('button', { name }));
const row = (name: string) => {
  const item = popup()
    .getAllByRole('listitem')
    .find((candidate) => candidate.querySelector('strong')?.textContent === name);
  if (item === undefined) throw new Error(`There is no row ${name}.`);
  return within(item);
};

async function plan(models: FakeModelStorage, answer: Parameters<typeof planOf> | LensError) {
  await act(async () => {
    const question = models.plans.at(-1);
    if (answer instanceof LensError) question?.reject(answer);
    else question?.resolve(planOf(...answer));
    await settle();
  });
}

describe('the list', () => {
  test('tells of the model in use, and the sizes of the official ones', async () => {
    await list();
    const current = within(popup().getByRole('region', { name: 'The model in use' }));
    expect(current.getByText('4.7 million')).toBeDefined();
    expect(current.getByText(/196 of 16/)).toBeDefined();
    for (const [name, size] of [
      [BASE, '448 MB'],
      ['facebook/vit-mae-large', '1.32 GB'],
      [HUGE, '2.63 GB'],
    ] as const)
      expect(row(name).getByText(size)).toBeDefined();
    expect(row('Test model').getByRole('button', { name: /^In use/ })).toBeDefined();
  });

  test('says what was assumed of a model without a config.json', async () => {
    const { engine } = await list();
    const assumptions = 'There is no config.json: 16 heads were assumed.';
    act(() => engine.lastLoad.input.onPhase({ phase: 'ready', info: modelInfo({ assumptions }) }));
    await act(settle);
    expect(popup().getByText(assumptions)).toBeDefined();
  });

  test('opens by its shortcut', async () => {
    const { lens } = await readyLens();
    render(<App lens={lens} />);
    await userEvent.keyboard('m');
    expect(screen.getByRole('dialog', { name: 'Model' })).toBeDefined();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Model' })).toBeNull());
  });
});

describe('a download', () => {
  test('says exactly what it will be, then how far it is, and can be cancelled', async () => {
    const { engine, models } = await list();
    await press(`Get ${BASE}`);
    expect(row(BASE).getByText(`Looking up ${BASE}…`)).toBeDefined();
    await plan(models, [BASE, 447_719_104]);
    expect(row(BASE).getByText(/447,719,104 bytes to download.*stays in this browser/)).toBeDefined();
    expect(screen.getByText(`${BASE} was found: 448 MB to download.`)).toBeDefined();
    await press('Download 448 MB');
    expect(engine.lastLoad.input.source).toMatchObject({ kind: 'hub', name: BASE });
    expect(document.activeElement?.textContent).toContain('Loading');
    act(() =>
      engine.lastLoad.input.onPhase({
        phase: 'loading',
        file: 'model.safetensors',
        loadedBytes: 120_400_000,
        totalBytes: 447_719_104,
        bytesPerSecond: 11_200_000,
        secondsLeft: 29.2,
        note: 'The connection broke. Trying again.',
      }),
    );
    expect(row(BASE).getByText('120 MB of 448 MB, 11.2 MB/s, about 30 s left')).toBeDefined();
    expect(row(BASE).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('27');
    expect(row(BASE).getByText('model.safetensors')).toBeDefined();
    expect(popup().getByText('The connection broke. Trying again.')).toBeDefined();
    expect(row(BASE).getByText(/Test model stays in use/)).toBeDefined();
    models.put(BASE, 447_719_104, 120_400_000);
    await press('Cancel');
    await act(settle);
    expect(row(BASE).getByText('Unfinished: 120 MB of 448 MB are here.')).toBeDefined();
    expect(document.activeElement?.textContent).toContain('Resume');
    expect(screen.getByRole('button', { name: 'Model: Test model' })).toBeDefined();
    await press(`Resume ${BASE}`);
    expect(engine.lastLoad.input.source).toMatchObject({ kind: 'hub', name: BASE });
  });

  test('of which a part is here asks for the rest only', async () => {
    const { models } = await list();
    await press(`Get ${BASE}`);
    await plan(models, [BASE, 447_719_104, { storedBytes: 100_000_000, persistent: false, exact: false }]);
    expect(row(BASE).getByText(/about 347,719,104 bytes.*100 MB are here already/)).toBeDefined();
    expect(row(BASE).getByText(/gives the page no storage/)).toBeDefined();
    expect(row(BASE).getByRole('button', { name: 'Download the other 348 MB' })).toBeDefined();
    await press('Not now');
    expect(document.activeElement?.textContent).toContain(`Get ${BASE}`);
    expect(popup().queryByRole('button', { name: /^Download/ })).toBeNull();
  });

  test('of a large one warns of WebAssembly’s memory and of a full disk', async () => {
    const models = new FakeModelStorage();
    models.free = 1e9;
    await list(models);
    await press(`Get ${HUGE}`);
    await plan(models, [HUGE, 2_628_300_000]);
    expect(row(HUGE).getByText(/On WebAssembly.*2\.63 GB of memory/)).toBeDefined();
    expect(row(HUGE).getByText(/The browser has 1\.00 GB left/)).toBeDefined();
  });

  test('of a large one says what int8 takes, to who chose it', async () => {
    const models = new FakeModelStorage();
    const { lens } = await list(models);
    await press(`Get ${HUGE}`);
    await plan(models, [HUGE, 2_628_300_000]);
    expect(row(HUGE).getByText(/2\.63 GB of memory.* In int8, a choice in the device menu/)).toBeDefined();
    act(() => lens.setDtype('q8'));
    expect(row(HUGE).getByText(/657 MB of memory, in int8, and a lot of time/)).toBeDefined();
  });

  test('ends with the model in use, on its own grid, with the image kept', async () => {
    const { engine, models } = await list();
    await press(`Get ${HUGE}`);
    await plan(models, [HUGE, 2_628_300_000]);
    await press('Download 2.63 GB');
    models.put(HUGE, 2_628_300_000);
    await act(async () => {
      engine.lastLoad.resolve(modelInfo({ name: HUGE, patchSize: 14 }));
      await settle();
    });
    expect(row(HUGE).getByRole('button', { name: `In use ${HUGE}` })).toBeDefined();
    await waitFor(() => expect(row(HUGE).getByText(/opens without network/)).toBeDefined());
    expect(screen.getByRole('img', { name: /^Original: Cat/ })).toBeDefined();
    expect(screen.getByRole('slider', { name: 'Mask ratio' }).getAttribute('aria-valuetext')).toContain(
      '192 of 256 patches masked',
    );
    await press('Use Test model');
    expect(engine.lastLoad.input.source.kind).toBe('url');
  });
});

describe('any other model', () => {
  const field = () => popup().getByRole('textbox', { name: /Any other/ });

  test('is looked up by name; what is wrong is said there, and the next try works', async () => {
    const { engine, models } = await list();
    await userEvent.type(field(), 'vit-mae-base{Enter}');
    expect(popup().getByRole('alert').textContent).toContain(`Did you mean ${BASE}?`);
    expect(field().getAttribute('aria-invalid')).toBe('true');
    await userEvent.clear(field());
    await userEvent.type(field(), 'owner/secret{Enter}');
    await plan(models, new LensError('not-found', 'There is no public model owner/secret.'));
    expect(popup().getByRole('alert').textContent).toContain('no public model owner/secret');
    await userEvent.clear(field());
    await userEvent.type(field(), 'owner/name@v2{Enter}');
    expect(popup().queryByRole('alert')).toBeNull();
    await plan(models, ['owner/name@v2', 5_000_000]);
    await press('Download 5.00 MB');
    expect(engine.lastLoad.input.source).toMatchObject({ address: { revision: 'v2' } });
    await act(async () => {
      engine.lastLoad.reject(new LensError('checkpoint-missing-tensor', 'This holds the encoder only.'));
      await settle();
    });
    const alert = popup().getByRole('alert');
    expect(alert.textContent).toContain('This holds the encoder only. Test model stays in use.');
    expect(screen.getAllByRole('alert').length).toBe(1);
    await userEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(engine.lastLoad.input.source).toMatchObject({ name: 'owner/name@v2' });
  });

  test('that fails with the list closed says so at the top, with a way to choose another', async () => {
    const { lens, engine } = await list();
    await userEvent.keyboard('{Escape}');
    act(() => lens.models.openFiles([file('weights.pth')]));
    await act(async () => {
      engine.lastLoad.reject(new LensError('checkpoint-malformed', 'The file is cut short.'));
      await settle();
    });
    const alert = screen.getByRole('alert');
    expect(alert.textContent).toContain('The file is cut short. Test model on WebAssembly');
    expect(screen.getByRole('button', { name: 'Model: Test model. weights.pth failed' })).toBeDefined();
    await userEvent.click(within(alert).getByRole('button', { name: 'Choose a model' }));
    const there = within(popup().getByRole('region', { name: 'From this device' }));
    expect(there.getByRole('alert').textContent).toContain('The file is cut short.');
    await userEvent.click(there.getByRole('button', { name: 'Dismiss this message' }));
    expect(screen.getByRole('button', { name: 'Model: Test model' })).toBeDefined();
  });
});

describe('files from this device', () => {
  test('are used as they are', async () => {
    const { engine } = await list();
    const files = [file('config.json'), file('model.safetensors'), file('README.md')];
    fireEvent.change(popup().getByLabelText('Files of a model'), { target: { files } });
    const { source } = engine.lastLoad.input;
    expect(source).toMatchObject({ kind: 'files', name: 'model.safetensors' });
    expect(source.kind === 'files' && source.files.map(({ name }) => name)).toEqual([
      'config.json',
      'model.safetensors',
    ]);
  });

  test.each([
    [['weights.pth'], 'weights.pth', 'Cat', null],
    [['cat.png', 'weights.pth', 'notes.txt'], 'weights.pth', 'cat.png', /Took “weights.pth” as a model/],
  ])('dropped on the page, %j, are told from images', async (names, model, image, words) => {
    const { lens, engine } = await readyLens();
    render(<App lens={lens} />);
    const loads = engine.loads.length;
    const files = names.map((name) =>
      name.endsWith('.png') ? file(name) : new File(['x'], name, { type: '' }),
    );
    const items = files.map((item) => ({ kind: 'file', type: item.type, getAsFile: () => item }));
    fireEvent.drop(screen.getByRole('main'), { dataTransfer: { files, items, types: ['Files'] } });
    await waitFor(() => expect(engine.loads.length).toBe(loads + 1));
    expect(engine.lastLoad.input.source).toMatchObject({ kind: 'files', name: model });
    await waitFor(() =>
      expect(screen.getByRole('img', { name: new RegExp(`^Original: ${image}`) })).toBeDefined(),
    );
    if (words !== null) expect(await screen.findByText(words)).toBeDefined();
  });
});

describe('what is stored', () => {
  test('is deleted after a question, and the focus stays in its row', async () => {
    const models = new FakeModelStorage();
    models.put(BASE, 447_719_104);
    models.put('some/other', 50_000_000);
    await list(models);
    expect(popup().getByText(/2 models, 498 MB\. The browser has 24\.0 GB left/)).toBeDefined();
    await press(`Delete ${BASE}`);
    expect(
      popup().getByText(/Delete facebook\/vit-mae-base from this device\? That frees 448 MB/),
    ).toBeDefined();
    await press('Keep it');
    expect(models.models.length).toBe(2);
    await press(`Delete ${BASE}`);
    await press('Delete 448 MB');
    await act(settle);
    expect(models.models.map(({ title }) => title)).toEqual(['some/other']);
    expect(document.activeElement?.textContent).toContain(`Get ${BASE}`);
    await press('Delete some/other');
    await press('Delete 50.0 MB');
    await act(settle);
    expect(popup().getByText(/No model is stored on this device/)).toBeDefined();
  });

  test('is not promised to stay where the browser does not', async () => {
    const models = new FakeModelStorage();
    models.keeps = false;
    models.put(BASE, 447_719_104, 100_000_000);
    await list(models);
    await press(`Resume ${BASE}`);
    expect(models.kept).toBe(1);
    await waitFor(() => expect(popup().getByText(/did not promise to keep/)).toBeDefined());
  });
});

describe('the hub’s address', () => {
  test('is checked, used, and reset', async () => {
    const { lens } = await list();
    await userEvent.click(popup().getByText('Hub: huggingface.co'));
    const field = popup().getByRole('textbox', { name: 'Address of the hub' });
    await userEvent.clear(field);
    await userEvent.type(field, 'mirror{Enter}');
    expect(popup().getByRole('alert').textContent).toContain('https://huggingface.co');
    await userEvent.clear(field);
    await userEvent.type(field, 'https://mirror.example/{Enter}');
    expect(popup().queryByRole('alert')).toBeNull();
    expect(popup().getByText('Hub: mirror.example')).toBeDefined();
    await press('Reset');
    expect(lens.models.store.getState().hub).toBe('https://huggingface.co');
  });
});

/** The model in use, saved as a portable ONNX model from the page and run elsewhere. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Download, Locator, Page } from '@playwright/test';
import * as native from 'onnxruntime-node';
import sharp from 'sharp';
import { memorySource } from '../src/checkpoint/bytes/bytes.ts';
import { locateEntry, readZip } from '../src/checkpoint/formats/zip.ts';
import { openFromFiles } from '../src/checkpoint/sources/files.ts';
import { toPixelValues } from '../src/image/processor.ts';
import { PUBLISHED_PREPROCESSOR } from '../src/image/published.ts';
import { lenKeep } from '../src/mae/masking.ts';
import { writePortable } from '../tools/export/write-portable.ts';
import { isPlain, readCase } from '../tools/verify/case.ts';
import { compare } from '../tools/verify/compare.ts';
import { findings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import type { LensPage } from './lens-page.ts';

test.use({ newProfile: true });

const GOLDEN = 'tools/reference/golden';
const MODEL = /\/models\/demo\//;
const LOADING = { timeout: 60_000 };

let folder = '';
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mae-lens-saved-'));
});
test.afterEach(() => rm(folder, { recursive: true }));

/** The part of the list of models that saves. */
class Saving {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get popup(): Locator {
    return this.page.getByRole('dialog', { name: 'Model' });
  }

  get card(): Locator {
    return this.popup.getByRole('region', { name: /^Save .* as ONNX$/ });
  }

  async open(): Promise<void> {
    if (!(await this.popup.isVisible())) await this.page.getByRole('button', { name: /^Model: / }).click();
    // A popup that is still opening moves beneath the pointer.
    await this.popup.evaluate((popup) => Promise.all(popup.getAnimations().map(({ finished }) => finished)));
    await this.popup.getByRole('button', { name: 'Save as ONNX…' }).click();
    await expect(this.card).toContainText(/[\d,]{6,} bytes/);
  }

  async save(): Promise<void> {
    await this.card.getByRole('button', { name: /^(Save|Try again)/ }).click();
  }

  async download(): Promise<Download> {
    const [download] = await Promise.all([this.page.waitForEvent('download', LOADING), this.save()]);
    return download;
  }

  /** What the browser's storage holds of archives. */
  stored(): Promise<string[]> {
    return this.page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const exports = await root.getDirectoryHandle('exports', { create: true });
      const names: string[] = [];
      // TypeScript's DOM library lacks the iterator.
      for await (const name of (exports as unknown as { keys(): AsyncIterable<string> }).keys())
        names.push(name);
      return names;
    });
  }
}

/** The page with its own model ready, as a browser that cannot ask where to save. */
async function start(lens: LensPage, page: Page): Promise<Saving> {
  await page.addInitScript(() => {
    localStorage.setItem('mae-lens:device', 'wasm');
    Reflect.deleteProperty(globalThis, 'showSaveFilePicker');
  });
  await lens.open();
  await lens.painted();
  return new Saving(page);
}

/** Unpacks into the test's folder. @returns where the files are, and their names */
async function unpack(
  archive: Uint8Array<ArrayBuffer>,
  inside: string,
): Promise<[path: string, names: string[]]> {
  const source = memorySource('archive', archive);
  const names: string[] = [];
  for (const [name, entry] of await readZip(source)) {
    expect(name.startsWith(`${inside}/`)).toBe(true);
    const { start, end } = await locateEntry(source, entry);
    names.push(name.slice(inside.length + 1));
    await writeFile(join(folder, names.at(-1) ?? ''), await source.read(start, end));
  }
  return [folder, names];
}

async function unpacked(download: Download, inside: string): Promise<[path: string, names: string[]]> {
  expect(download.suggestedFilename()).toBe(`${inside}.zip`);
  return unpack(new Uint8Array(await readFile(await download.path())), inside);
}

interface FloatValues {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

function floats(
  values: { readonly shape: readonly number[]; readonly data: unknown } | undefined,
): FloatValues {
  if (!(values?.data instanceof Float32Array)) throw new Error('These are no floats.');
  return { shape: values.shape, data: values.data };
}

/** @param pixelValues [B, 3, S, S]; @param noise [B, L] */
async function run(
  session: native.InferenceSession,
  pixelValues: FloatValues,
  noise: FloatValues,
  ratio: number,
) {
  const keep = BigInt64Array.of(BigInt(lenKeep(noise.shape[1] ?? 0, ratio)));
  const outputs = await session.run({
    pixel_values: new native.Tensor('float32', pixelValues.data, pixelValues.shape),
    noise: new native.Tensor('float32', noise.data, noise.shape),
    len_keep: new native.Tensor('int64', keep, [1]),
  });
  return (name: string) => floats({ shape: outputs[name]?.dims ?? [], data: outputs[name]?.data });
}

test('the bundled model runs in onnxruntime with the page’s own numbers', async ({
  lens,
  page,
  complaints,
}) => {
  test.setTimeout(180_000);
  const saving = await start(lens, page);
  // As large as the model's input, so that only the model stands between its pixels and the numbers.
  const rgb = Uint8Array.from({ length: 224 * 224 * 3 }, (_, i) => (i * 31 + ((i / 672) | 0) * 57) & 255);
  const png = await sharp(rgb, { raw: { width: 224, height: 224, channels: 3 } })
    .png()
    .toBuffer();
  await lens.openFile({ name: 'pattern.png', mimeType: 'image/png', buffer: png });
  await lens.painted();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const [numbersFile] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'The numbers, as JSON' }).click(),
  ]);
  const numbers = JSON.parse(await readFile(await numbersFile.path(), 'utf8'));

  await saving.open();
  expect(await findings(page, { within: '[role="dialog"]', all: true })).toEqual([]);
  const announced = Number(
    /([\d,]+) bytes/.exec((await saving.card.textContent()) ?? '')?.[1]?.replaceAll(',', ''),
  );
  const download = await saving.download();
  const [path, names] = await unpacked(download, 'demo-model-onnx');
  expect((await readFile(await download.path())).byteLength).toBe(announced);
  await expect(saving.card).toContainText('went to your browser’s downloads as demo-model-onnx.zip');

  const session = await native.InferenceSession.create(join(path, 'model.onnx'));
  const size = { width: 224, height: 224 };
  const pixels = await toPixelValues(new Uint8ClampedArray(rgb), size, PUBLISHED_PREPROCESSOR);
  const output = await run(
    session,
    { shape: [1, 3, 224, 224], data: pixels },
    { shape: [1, 196], data: Float32Array.from(numbers.noise) },
    0.75,
  );
  expect([...output('mask').data]).toEqual(numbers.mask);
  expect(Math.abs((output('loss').data[0] ?? Number.NaN) - numbers.loss)).toBeLessThan(1e-4);

  // Byte for byte what the command line writes.
  const own = await Promise.all(
    ['config.json', 'preprocessor_config.json', 'model.safetensors'].map(
      async (name) => new File([await readFile(`public/models/demo/${name}`)], name),
    ),
  );
  const expected = join(folder, 'expected');
  const written = await writePortable(await openFromFiles(own), expected, {
    name: 'Demo model',
    weightType: 'float32',
  });
  expect(names).toEqual(written);
  for (const name of names)
    expect(Buffer.compare(await readFile(join(path, name)), await readFile(join(expected, name))), name).toBe(
      0,
    );
  expect(complaints.unexpected).toEqual([]);
});

test('a model from own files holds the golden cases', async ({ lens, page }) => {
  test.setTimeout(180_000);
  const saving = await start(lens, page);
  await page.getByRole('button', { name: /^Model: / }).click();
  await saving.popup
    .getByLabel('Files of a model')
    .setInputFiles(
      ['config.json', 'preprocessor_config.json', 'model.safetensors'].map(
        (name) => `${GOLDEN}/patch4-16px/${name}`,
      ),
    );
  await expect(page.getByRole('button', { name: /^Model: / })).toHaveAccessibleName(
    'Model: model.safetensors',
    LOADING,
  );
  await saving.open();
  const [path] = await unpacked(await saving.download(), 'model-onnx');
  const session = await native.InferenceSession.create(join(path, 'model.onnx'));
  let held = 0;
  for (const name of await readdir(`${GOLDEN}/patch4-16px/cases`)) {
    const bytes = new Uint8Array(await readFile(`${GOLDEN}/patch4-16px/cases/${name}`));
    const golden = await readCase(memorySource(name, bytes));
    const logits = golden.tensors.get('logits');
    if (logits === undefined || !isPlain(golden)) continue;
    const [pixels, noise] = ['pixel_values', 'noise'].map((key) => floats(golden.tensors.get(key)));
    if (pixels === undefined || noise === undefined) throw new Error(`${name} is incomplete.`);
    const output = await run(session, pixels, noise, golden.maskRatio);
    expect(compare('logits', logits, output('logits'), 1e-4), name).toMatchObject({ passed: true });
    held += 1;
  }
  expect(held).toBeGreaterThanOrEqual(7);

  // The other type, straight after.
  await saving.card.getByRole('button', { name: 'Done' }).click();
  await saving.open();
  await saving.card.getByRole('radio', { name: /^float16/ }).check();
  const half = await saving.download();
  expect(half.suggestedFilename()).toBe('model-onnx-float16.zip');
  expect(await saving.stored()).toHaveLength(2);
});

test('saving is cancelled and fails without harm, and the next try works', async ({
  lens,
  page,
  complaints,
}) => {
  test.setTimeout(180_000);
  complaints.expect(/net::ERR_FAILED/);
  const saving = await start(lens, page);
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  // What was cancelled meanwhile cannot go on.
  await page.route(MODEL, (route) => held.then(() => route.continue()).catch(() => undefined));
  await saving.open();
  await saving.save();
  await expect(saving.card.getByRole('progressbar')).toBeVisible();
  // The live view goes on.
  await lens.setRatio(50);
  await lens.painted();
  await expect(lens.slider).toHaveAttribute('aria-valuetext', '50 %, 98 of 196 patches masked');
  await saving.card.getByRole('button', { name: 'Cancel' }).click();
  await expect(saving.card.getByRole('radio', { name: /^float32/ })).toBeChecked();
  await expect(saving.popup.getByRole('button', { name: 'Save as ONNX…' })).toBeFocused();
  release();
  await page.unroute(MODEL);

  await page.route(MODEL, (route) => route.abort());
  await saving.save();
  await expect(saving.card.getByRole('alert')).toContainText('127.0.0.1');
  await expect(saving.card.getByRole('alert')).toContainText(/try again/i);
  await page.unroute(MODEL);
  expect(await saving.stored()).toEqual([]);

  await saving.card.getByRole('radio', { name: /^float16/ }).check();
  const download = await saving.download();
  expect(download.suggestedFilename()).toBe('demo-model-onnx-float16.zip');
  await expect(saving.card).toContainText('went to your browser’s downloads');
  await lens.setRatio(60);
  await lens.painted();
});

test('where the browser lets the visitor pick a file, it is written there and nowhere else', async ({
  lens,
  page,
}) => {
  test.setTimeout(120_000);
  const saving = await start(lens, page);
  // The file system behind a picker, without its window, which no test can operate.
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    let dismissed = false;
    Object.assign(globalThis, {
      async showSaveFilePicker({ suggestedName }: { suggestedName: string }) {
        if (!dismissed) {
          dismissed = true;
          throw new DOMException('The user aborted a request.', 'AbortError');
        }
        return root.getFileHandle(suggestedName, { create: true });
      },
    });
  });
  await saving.open();
  await saving.save();
  await expect(saving.card.getByRole('button', { name: /^Save / })).toBeVisible();
  await expect(saving.card.getByRole('alert')).toHaveCount(0);
  await saving.save();
  await expect(saving.card).toContainText('is written: demo-model-onnx.zip.', LOADING);
  expect(await saving.stored()).toEqual([]);
  const [head, bytes] = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getFileHandle('demo-model-onnx.zip')).getFile();
    return [await file.slice(0, 4).text(), file.size];
  });
  expect(head).toBe('PK\u0003\u0004');
  expect(bytes).toBeGreaterThan(4 * 4_000_000);
});

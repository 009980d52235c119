/** Models from the hub, from addresses and from disk, in a real browser with real storage. */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { HubServer } from '../src/checkpoint/sources/testing/hub-server.ts';
import { findings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import type { LensPage } from './lens-page.ts';

test.use({ newProfile: true });

const GOLDEN = 'tools/reference/golden';
const FORMATS = 'tools/reference/formats';
const PATCH4 = 'tiny/patch4';
const PATCH14 = 'tiny/patch14';
const LOADING = { timeout: 60_000 };

/** A folder's files, as the hub would have them. */
function folder(path: string): Record<string, Uint8Array> {
  const files = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map(({ name }) => [name, new Uint8Array(readFileSync(`${path}/${name}`))]));
}

/** The safetensors file without the decoder's tensors. */
function encoderOnly(bytes: Uint8Array): Uint8Array {
  const headerBytes = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes))) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const kept: Uint8Array[] = [];
  const entries: Record<string, unknown> = {};
  let end = 0;
  for (const [name, entry] of Object.entries(header)) {
    if (!name.startsWith('vit.')) continue;
    const [from, to] = entry.data_offsets;
    kept.push(bytes.subarray(8 + headerBytes + from, 8 + headerBytes + to));
    entries[name] = { ...entry, data_offsets: [end, end + to - from] };
    end += to - from;
  }
  const text = Buffer.from(JSON.stringify(entries));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.byteLength));
  return new Uint8Array(Buffer.concat([length, text, ...kept]));
}

/** The list of models, as a test speaks of it. */
class ModelList {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Names the model in use, and what it is doing. */
  get trigger(): Locator {
    return this.page.getByRole('button', { name: /^Model: / });
  }

  get popup(): Locator {
    return this.page.getByRole('dialog', { name: 'Model' });
  }

  get alert(): Locator {
    return this.popup.getByRole('alert');
  }

  row(name: string): Locator {
    return this.popup.getByRole('listitem').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  async open(): Promise<void> {
    await this.trigger.click();
    await expect(this.popup).toBeVisible();
  }

  async setHub(address: string): Promise<void> {
    const field = this.popup.getByRole('textbox', { name: 'Address of the hub' });
    // What is stored may arrive between the click and its effect, and move what was meant.
    await expect(async () => {
      if (!(await field.isVisible())) await this.popup.getByText(/^Hub: /).click();
      await expect(field).toBeVisible({ timeout: 2000 });
    }).toPass({ timeout: 30_000 });
    await field.fill(address);
    await this.popup.getByRole('button', { name: 'Apply' }).click();
    await expect(this.popup.getByText(`Hub: ${new URL(address).host}`)).toBeVisible();
  }

  async lookUp(typed: string): Promise<void> {
    const field = this.popup.getByRole('textbox', { name: /^Any other/ });
    await field.fill(typed);
    await field.press('Enter');
  }

  async download(): Promise<void> {
    await this.popup.getByRole('button', { name: /^Download / }).click();
  }

  async inUse(name: string): Promise<void> {
    await expect(this.trigger).toHaveAccessibleName(`Model: ${name}`, LOADING);
  }
}

let hub: HubServer;
/** A server that is no hub. */
let elsewhere: HubServer;

test.beforeAll(async () => {
  hub = await HubServer.start();
  elsewhere = await HubServer.start();
});

test.beforeEach(() => {
  hub.repositories.clear();
  hub.faults.clear();
  hub.asked.length = 0;
  hub.publish(PATCH4, folder(`${GOLDEN}/patch4-16px`));
  hub.publish(PATCH14, folder(`${GOLDEN}/patch14`));
});

test.afterAll(async () => {
  await hub.stop();
  await elsewhere.stop();
});

/** The page with its own model ready, and the list open on the test's hub. */
async function start(lens: LensPage, page: Page): Promise<ModelList> {
  await page.addInitScript(() => localStorage.setItem('mae-lens:device', 'wasm'));
  const list = new ModelList(page);
  await lens.open();
  await lens.painted();
  await list.open();
  await list.setHub(hub.endpoint);
  return list;
}

async function drop(page: Page, files: readonly { readonly name: string; readonly buffer: Buffer }[]) {
  const transfer = await page.evaluateHandle(
    (given) => {
      const data = new DataTransfer();
      for (const { name, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        data.items.add(new File([bytes], name));
      }
      return data;
    },
    files.map(({ name, buffer }) => ({ name, base64: buffer.toString('base64') })),
  );
  await page.getByRole('heading', { name: 'MAE Lens' }).dispatchEvent('drop', { dataTransfer: transfer });
}

test('a model is downloaded once, opens without network, and is deleted', async ({
  lens,
  page,
  complaints,
}) => {
  test.setTimeout(240_000);
  const list = await start(lens, page);
  await list.lookUp(PATCH4);
  await expect(list.popup).toContainText(/10\d,\d{3} bytes to download\. It stays in this browser/);
  await list.download();
  await list.inUse(PATCH4);
  await expect(list.row(PATCH4)).toContainText('On this device: opens without network');
  await expect(list.row(PATCH4).getByRole('button', { name: `In use ${PATCH4}` })).toBeVisible();
  await page.keyboard.press('Escape');
  await lens.painted();
  // The image is still there, on the new model's grid.
  await expect(lens.canvas('original')).toHaveAccessibleName(/^Original: Cat, /);
  await expect(lens.slider).toHaveAttribute('aria-valuetext', '75 %, 12 of 16 patches masked');
  await expect(lens.facts).toContainText(PATCH4);

  // A second visit, with that server gone.
  const { endpoint } = hub;
  await page.route(`${endpoint}/**`, (route) => route.abort());
  hub.asked.length = 0;
  await lens.open();
  await lens.painted();
  await list.open();
  await expect(list.popup).toContainText('Stored on this device: one model, 10');
  await list
    .row(PATCH4)
    .getByRole('button', { name: `Use ${PATCH4}` })
    .click();
  await list.inUse(PATCH4);
  expect(hub.asked).toEqual([]);

  await list
    .row(PATCH4)
    .getByRole('button', { name: `Delete ${PATCH4}` })
    .click();
  await expect(list.row(PATCH4)).toContainText(`Delete ${PATCH4} from this device?`);
  await list
    .row(PATCH4)
    .getByRole('button', { name: /^Delete 10/ })
    .click();
  await expect(list.row(PATCH4)).toHaveCount(0);
  await expect(list.popup).toContainText('No model is stored on this device.');
  await list.inUse(PATCH4);
  expect(complaints.unexpected).toEqual([]);
});

test('a download is cancelled, and resumed where it broke off', async ({ lens, page }) => {
  test.setTimeout(240_000);
  const list = await start(lens, page);
  await list.lookUp(PATCH14);
  // However busy the machine is, the rest does not come before the download is cancelled.
  hub.fail('model.safetensors', { slowMs: 200, pieceBytes: 20_000, pauseAfter: 60_000 });
  await expect(list.popup.getByRole('button', { name: /^Download / })).toBeVisible();
  await list.download();
  await expect(list.popup.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^[3-9]\d$/);
  await expect(list.popup).toContainText('Demo model stays in use');
  // The page goes on with the model that it has.
  await lens.setRatio(50);
  await lens.painted();
  await list.popup.getByRole('button', { name: 'Cancel' }).click();
  await list.inUse('Demo model');
  await expect(list.popup.getByRole('progressbar')).toHaveCount(0);

  // What arrived is there after a reload, too.
  await lens.open();
  await lens.painted();
  hub.asked.length = 0;
  await list.open();
  await expect(list.row(PATCH14)).toContainText(/Unfinished: \d\d\.\d kB of 10\d kB are here/);
  await list
    .row(PATCH14)
    .getByRole('button', { name: `Resume ${PATCH14}` })
    .click();
  await list.inUse(PATCH14);
  const ranges = hub.fetches('model.safetensors').map(({ range }) => range);
  expect(ranges).toEqual([expect.stringMatching(/^bytes=\d{5,}-$/)]);
  await page.keyboard.press('Escape');
  // 70 pixels in patches of 14.
  await expect(lens.slider).toHaveAttribute('aria-valuetext', /of 25 patches masked$/);
  await lens.painted();
});

test('what cannot be had or run says why, and the bundled model stays', async ({
  lens,
  page,
  complaints,
}) => {
  test.setTimeout(180_000);
  complaints.expect(/status of 40[14]/);
  const weights = new Uint8Array(readFileSync(`${GOLDEN}/patch4-16px/model.safetensors`));
  hub.publish('tiny/encoder', {
    ...folder(`${GOLDEN}/patch4-16px`),
    'model.safetensors': encoderOnly(weights),
  });
  const list = await start(lens, page);

  await list.lookUp('nobody/nothing');
  await expect(list.alert).toContainText('There is no public model nobody/nothing');
  await list.lookUp(`${hub.endpoint}/${PATCH4}/tree/missing`);
  await expect(list.alert).toContainText('has no revision missing');
  await list.lookUp('vit-mae-base');
  await expect(list.alert).toContainText('Did you mean facebook/vit-mae-base?');

  await list.lookUp('tiny/encoder');
  await list.download();
  await expect(list.alert).toContainText('holds the encoder only', LOADING);
  await expect(list.alert).toContainText('Demo model stays in use.');
  await list.alert.getByRole('button', { name: 'Dismiss this message' }).click();
  await list.inUse('Demo model');

  // The next try works; so does any folder on the web, and a single file of weights in it.
  await list.lookUp(PATCH4);
  await list.download();
  await list.inUse(PATCH4);
  for (const [name, bytes] of Object.entries(folder(`${GOLDEN}/patch14`)))
    elsewhere.plain.set(`/plain/mine/${name}`, bytes);
  const place = `${elsewhere.endpoint}/plain/mine`;
  await list.lookUp(`${place}/`);
  await list.download();
  await list.inUse('127.0.0.1/plain/mine');
  await list.lookUp(`${place}/model.safetensors`);
  await list.download();
  await list.inUse('127.0.0.1/plain/mine/model.safetensors');
});

test('files from disk are a model: chosen, and dropped', async ({ lens, page }) => {
  test.setTimeout(180_000);
  const list = await start(lens, page);
  const names = ['config.json', 'preprocessor_config.json', 'model.safetensors'];
  await list.popup
    .getByLabel('Files of a model')
    .setInputFiles(names.map((name) => `${GOLDEN}/patch14/${name}`));
  await list.inUse('model.safetensors');
  await expect(list.popup.getByRole('region', { name: 'The model in use' })).toContainText('25 of 14 × 14');
  await list.popup.getByLabel('Folder of a model').setInputFiles(`${GOLDEN}/patch4-16px`);
  await list.inUse('patch4-16px');
  await page.keyboard.press('Escape');

  // A single file of weights in the authors' format has no config.json: the page says what it assumed.
  const name = 'mae_pretrain_vit_tiny_full.pth';
  await drop(page, [{ name, buffer: await readFile(`${FORMATS}/authors-inferred/${name}`) }]);
  await list.inUse(name);
  await list.open();
  await expect(list.popup.getByRole('region', { name: 'The model in use' })).toContainText(/assume|taken/i);
  await page.keyboard.press('Escape');

  // With an image beside it, both are taken, and what is neither is named.
  await drop(page, [
    { name: 'cat.jpg', buffer: await readFile('public/samples/cat.jpg') },
    { name, buffer: await readFile(`${FORMATS}/authors-inferred/${name}`) },
    { name: 'notes.txt', buffer: Buffer.from('notes') },
  ]);
  await expect(page.getByText(`Took “${name}” as a model and opened “cat.jpg”`)).toBeVisible();
  await expect(page.getByText('“notes.txt” was left aside.')).toBeVisible();
  await expect(lens.canvas('original')).toHaveAccessibleName(/^Original: cat\.jpg, /);
});

test('the list is for everybody, and fits the smallest phone', async ({ lens, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await lens.holdModel();
  await lens.open();
  const list = new ModelList(page);
  await list.trigger.focus();
  await page.keyboard.press('Enter');
  await expect(list.popup).toBeVisible();
  await list.popup.getByText(/^Hub: /).click();
  await list.lookUp('vit-mae-base');
  await expect(list.alert).toBeVisible();
  const box = await list.popup.boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(360);
  expect(await list.popup.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  expect(await findings(page, { within: '[role="dialog"]', all: true })).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(list.popup).toHaveCount(0);
  await expect(list.trigger).toBeFocused();
});

/** Holds the page's engine, in a real browser, against published logits of models that come from the hub. */
import { mkdir } from 'node:fs/promises';
import type { BrowserContext } from '@playwright/test';
import type { ErrorCode } from '../../src/base/errors.ts';
import { type HubAddress, parseModelAddress, titleOf } from '../../src/checkpoint/sources/address.ts';
import type { DownloadPlan } from '../../src/checkpoint/sources/download-plan.ts';
import type { ModelProgress } from '../../src/checkpoint/sources/hub.ts';
import { format } from '../../src/locales/en/format.ts';
import { quantities } from '../../src/locales/en/quantities.ts';
import { launchProfile } from '../browser/launch.ts';
import { servePages } from '../browser/page-server.ts';
import { compare } from './compare.ts';
import { readImage } from './images.ts';
import type { Output } from './output.ts';
import type {
  PublishedAnswer,
  PublishedEvent,
  PublishedRequest,
  RunResult,
} from './page/published-protocol.ts';
import type { PublishedImage, PublishedModel, PublishedSlice } from './published.ts';

/** A model to check, and where it is. */
export interface WantedModel {
  readonly address: HubAddress;
  /** As it was asked for. */
  readonly title: string;
  readonly model: PublishedModel;
}

export interface PublishedOptions {
  readonly device: 'wasm' | 'webgpu';
  /** Where the images are; see `readImage`. */
  readonly images: string | null;
  /** The folder of the browser's profile: what was downloaded stays in it. */
  readonly storage: string;
  readonly output: Output;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * What the page calls itself: storage belongs to a name and a port, and the server's port is another one each time.
 * Browsers trust names under localhost as they trust https.
 */
const SITE = 'mae-lens.localhost';

/**
 * The models of `table` by what a visitor would type for them: "facebook/vit-mae-base", also with "@revision".
 * @param hub the hub's address, or a mirror's
 * @throws Error when there is none of that name
 */
export function findModels(
  names: readonly string[],
  table: readonly PublishedModel[],
  hub: string,
): readonly WantedModel[] {
  return names.map((name) => {
    const address = parseModelAddress(name, hub);
    const model =
      address.kind === 'hub' ? table.find(({ repository }) => repository === address.repository) : undefined;
    if (address.kind !== 'hub' || model === undefined) {
      const known = table.map(({ repository }) => repository).join(', ');
      throw new Error(`Nothing is published for ${name}. There are numbers for ${known}.`);
    }
    return { address, title: titleOf(address), model };
  });
}

/**
 * One line for each published slice, `ok` or `FAIL`; one `FAIL` for a model that does not run.
 * Rejects with `StorageBusy` when another browser has the profile.
 */
export async function verifyPublished(
  models: readonly WantedModel[],
  options: PublishedOptions,
): Promise<Counts> {
  const server = await servePages({});
  try {
    const context = await openBrowser(options.storage, new URL(server.address).port);
    const tally = new Tally(options.output);
    try {
      for (const wanted of models) await verifyModel(wanted, context, options, tally);
    } finally {
      await context.close();
    }
    return tally;
  } finally {
    await server.close();
  }
}

/** Says what holds and what does not, and counts it. */
class Tally implements Counts {
  passed = 0;
  failed = 0;
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  pass(text: string): void {
    this.passed += 1;
    this.#output.line(`ok   ${text}`);
  }

  fail(text: string): void {
    this.failed += 1;
    this.#output.line(`FAIL ${text}`);
  }
}

async function openBrowser(storage: string, port: string): Promise<BrowserContext> {
  await mkdir(storage, { recursive: true });
  try {
    return await launchProfile(storage, [`--host-resolver-rules=MAP ${SITE}:80 127.0.0.1:${port}`]);
  } catch (error) {
    // Chromium's name for its lock.
    if (!String(error).includes('ProcessSingleton')) throw error;
    throw new StorageBusy(storage, error);
  }
}

/** Two browsers cannot share a profile. */
export class StorageBusy extends Error {
  constructor(storage: string, cause: unknown) {
    super(`Another run uses ${storage}. Wait until it has ended, or name another folder with --storage.`, {
      cause,
    });
  }
}

/** A slice whose image is there. */
interface Ready {
  readonly slice: PublishedSlice;
  readonly image: Uint8Array;
}

async function verifyModel(
  { address, title, model }: WantedModel,
  context: BrowserContext,
  { device, images, output }: PublishedOptions,
  tally: Tally,
): Promise<void> {
  const ready: Ready[] = [];
  for (const slice of model.slices) {
    output.status(`${title}: fetching the image of the ${slice.source}`);
    try {
      ready.push({ slice, image: await readImage(slice.image, images) });
    } catch (error) {
      tally.fail(`${title} ${slice.source}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  output.status(null);
  // Gigabytes are not fetched for nothing.
  if (ready.length === 0) return;

  const runs = ready.map(({ slice: { generator, seed }, image }) => ({
    generator,
    seed,
    image: `data:;base64,${Buffer.from(image).toString('base64')}`,
  }));
  const answer = await ask(context, new Narrator(title, output), { address, device, runs });
  output.status(null);
  if ('error' in answer) {
    tally.fail(`${title}: ${answer.error.message}`);
    for (const hint of hintsFor(answer.error, address)) output.line(`     ${hint}`);
    return;
  }
  const { report } = answer;
  output.line(`# ${title} on ${report.device}, ${report.attention} attention`);
  if (report.fallback !== null)
    tally.fail(`${title}: the device that was asked for was not used. ${report.fallback}`);
  for (const [i, { slice, image }] of ready.entries()) {
    const result = report.runs[i] ?? { error: 'the page gave no answer' };
    const { passed, difference, text } = judge(model, slice, result);
    if (passed) {
      tally.pass(`${title} ${text}`);
      continue;
    }
    tally.fail(`${title} ${text}`);
    if ('error' in result) continue;
    for (const doubt of doubts(slice.image, result, image, difference)) output.line(`     ${doubt}`);
  }
}

/** Runs one model in a page of its own: what one leaves behind must not help or hurt the next. */
async function ask(
  context: BrowserContext,
  narrator: Narrator,
  request: PublishedRequest,
): Promise<PublishedAnswer> {
  const page = await context.newPage();
  let crashed = false;
  page.on('crash', () => {
    crashed = true;
  });
  page.on('pageerror', (error) => narrator.say(`page: ${error.message}`));
  try {
    await page.exposeFunction('tellPublished', (event: PublishedEvent) => narrator.tell(event));
    await page.goto(`http://${SITE}/tools/verify/page/published.html`);
    await page.waitForFunction(() => 'verifyPublished' in globalThis);
    return await page.evaluate((argument) => globalThis.verifyPublished(argument), request);
  } catch (error) {
    if (!crashed) throw error;
    const message = 'The page ended without an answer, as pages do that run out of memory.';
    return { error: { code: 'out-of-memory', message } };
  } finally {
    await page.close();
  }
}

/** Tells a person what the page is doing. */
class Narrator {
  readonly #title: string;
  readonly #output: Output;
  #toDownload: number | null = 0;

  constructor(title: string, output: Output) {
    this.#title = title;
    this.#output = output;
  }

  say(text: string): void {
    this.#output.line(text);
  }

  tell(event: PublishedEvent): void {
    switch (event.kind) {
      case 'plan':
        this.#toDownload = event.plan.remainingBytes;
        this.say(planInWords(event.plan));
        break;
      case 'progress':
        this.#output.status(progressInWords(event.progress));
        break;
      case 'notice':
        this.say(event.message);
        break;
      case 'compiling':
        if (this.#toDownload !== 0) this.say(`${this.#title}: downloaded`);
        this.#output.status(`${this.#title}: compiling and running`);
    }
  }
}

/** "facebook/vit-mae-base from https://… (model.safetensors, 448 MB): 448 MB to download" */
function planInWords({ source, files, title, totalBytes, remainingBytes }: DownloadPlan): string {
  const weights = files.filter(({ name }) => !name.endsWith('.json')).map(({ name }) => name);
  const size = totalBytes === null ? 'of unknown size' : format.size(totalBytes);
  const rest =
    remainingBytes === 0
      ? 'stored already'
      : `${remainingBytes === null ? 'all of it' : format.size(remainingBytes)} to download`;
  return `${title} from ${source} (${weights.join(', ')}, ${size}): ${rest}`;
}

/** "model.safetensors: 120 MB of 448 MB, 11.2 MB/s, about 30 s left" */
export function progressInWords(progress: ModelProgress): string {
  const { file, modelLoadedBytes, modelTotalBytes, bytesPerSecond, secondsLeft } = progress;
  const total = modelTotalBytes === null ? '' : ` of ${format.size(modelTotalBytes)}`;
  return [
    `${file}: ${format.size(modelLoadedBytes)}${total}`,
    ...(bytesPerSecond === null ? [] : [`${format.size(Math.round(bytesPerSecond))}/s`]),
    ...(secondsLeft === null ? [] : [quantities.timeLeft(secondsLeft)]),
  ].join(', ');
}

/** Whether the page's logits are the published ones, and the line that says so. */
export function judge(
  { shape }: PublishedModel,
  { source, slice, atol, rtol }: PublishedSlice,
  result: RunResult,
): { readonly passed: boolean; readonly difference: number; readonly text: string } {
  const failed = (text: string) => ({ passed: false, difference: Number.POSITIVE_INFINITY, text });
  if ('error' in result) return failed(`${source}: ${result.error}`);
  const name = `${source} logits[0, :3, :3]`;
  if (result.shape.join() !== shape.join())
    return failed(
      `${name} the logits' shape is [${result.shape.join(', ')}] and should be [${shape.join(', ')}]`,
    );
  const values = (rows: PublishedSlice['slice']) => ({ shape: [3, 3], data: rows.flat() });
  const { passed, difference, remark } = compare(name, values(slice), values(result.slice), atol, rtol);
  const detail = remark ?? `max |difference| ${difference.toExponential(2)}`;
  const published = passed ? '' : `, published ${rowsInWords(slice)}`;
  return { passed, difference, text: `${name} ${detail}: ${rowsInWords(result.slice)}${published}` };
}

/** As in the sources, with four decimals. */
function rowsInWords(rows: PublishedSlice['slice']): string {
  return rows.map((row) => `[${row.map((value) => value.toFixed(4)).join(' ')}]`).join(' ');
}

/**
 * Changing some or all values of an image by one level moves such logits by 3e-4 to 2e-2 (tried on the bundled
 * model), so more than this is not the decoder's.
 */
const DECODERS_DIFFER_BY = 0.05;

/** What else than the engine may be wrong. */
function doubts(
  expected: PublishedImage,
  { width, height }: { readonly width: number; readonly height: number },
  bytes: Uint8Array,
  difference: number,
): readonly string[] {
  const hints: string[] = [];
  if (width !== expected.width || height !== expected.height) {
    hints.push(
      `The image has ${width} x ${height} pixels and should have ${expected.width} x ${expected.height}: is it ${expected.url}?`,
    );
  }
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && difference < DECODERS_DIFFER_BY) {
    hints.push(
      'The image is a JPEG. Decoders may differ by a level here and there, which is enough for such a difference. ' +
        'To rule it out, open the image with Pillow, save it as PNG under the same name into a folder, and name the ' +
        'folder with --images.',
    );
  }
  return hints;
}

function hintsFor(
  { code, message }: { readonly code: ErrorCode | null; readonly message: string },
  { endpoint }: HubAddress,
): readonly string[] {
  // The runtime has more words for it than one.
  if (code === 'out-of-memory' || /\bbad_alloc\b|out of memory/i.test(message)) {
    return [
      'While a model is compiled it needs several times the size of its weights, and a browser gives one page only so ' +
        'much. Close other programs, try --device webgpu where there is a graphics device, or take a machine with ' +
        'more memory; what was downloaded is kept.',
    ];
  }
  if (code === 'network') {
    return [
      `Check that this machine reaches ${endpoint}, or name a mirror with --hub. What has arrived is kept, and the next ` +
        'run goes on from there.',
    ];
  }
  if (code === 'storage-full') return ['A folder on a larger disk can be named with --storage.'];
  return [];
}

/**
 * What `npm run fuzz` throws damaged things at, and what must be true of every one of them: it is taken or it is
 * refused with one of the project's errors; nothing else is thrown, and nothing hangs.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { LensError } from '../../src/base/errors.ts';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.ts';
import { openFromFiles } from '../../src/checkpoint/sources/files.ts';
import { FILES, HubVisits } from '../../src/checkpoint/sources/testing/hub-visits.ts';
import { storedModels } from '../../src/checkpoint/storage/entries.ts';
import { memoryStore } from '../../src/checkpoint/storage/memory-store.ts';
import { valueCount } from '../../src/checkpoint/tensors/strided.ts';
import { readSize, sniff } from '../../src/image/header.ts';
import { parsePreprocessorConfig } from '../../src/image/preprocessor-config.ts';
import { parseConfig } from '../../src/mae/config.ts';
import { formatLink, parseLink } from '../../src/store/link/link.ts';
import { links } from '../../src/store/testing/links.ts';
import { byteChanges, changedBytes, changedJson, jsonChanges } from './changes.ts';

/** What came of one try: the same as unchanged; refused; or taken as something else, which nothing could know. */
export const OUTCOMES = ['same', 'refused', 'other'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Target {
  /** As the command and the table name it. */
  readonly name: string;
  /** How many tries take about as long as a thousand of the quickest target. */
  readonly perThousand: number;
  /** @param told called once for each try */
  readonly property: (told: (outcome: Outcome) => void) => fc.IAsyncPropertyWithHooks<unknown[]>;
}

const REFERENCE = new URL('../reference/', import.meta.url);
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, REFERENCE)));
const parsed = (name: string): unknown => JSON.parse(new TextDecoder().decode(bytesOf(name)));

/** The outcome of an attempt whose result is compared with `unchanged`; any error but the project's own goes on. */
async function outcomeOf(attempt: () => unknown, unchanged: unknown): Promise<Outcome> {
  try {
    return isDeepStrictEqual(await attempt(), unchanged) ? 'same' : 'other';
  } catch (error) {
    if (error instanceof LensError && error.message !== '') return 'refused';
    throw error;
  }
}

/** Everything that a checkpoint says, in few bytes. */
async function fingerprint(checkpoint: Checkpoint): Promise<string> {
  const hash = createHash('sha256').update(
    JSON.stringify([checkpoint.config, checkpoint.preprocessorConfig]),
  );
  for (const { name, shape } of checkpoint.tensors.values()) {
    const values = new Float32Array(valueCount(shape));
    await checkpoint.readFloat32(name, values);
    hash.update(name).update(new Uint8Array(values.buffer));
  }
  return hash.digest('hex');
}

type Bytes = Uint8Array<ArrayBuffer>;

/** One of a model's files is changed, as a disk or a download does it, and all are opened. */
function checkpointFiles(name: string, folder: string): Target {
  const files = readdirSync(new URL(`${folder}/`, REFERENCE), { withFileTypes: true })
    .filter((entry) => entry.isFile() && !['golden.json', 'recipe.json'].includes(entry.name))
    .map((entry): readonly [string, Bytes] => [entry.name, bytesOf(`${folder}/${entry.name}`)]);
  // Weights without a config.json beside them have that of the golden directory with the same weights.
  const golden = existsSync(new URL(`${folder}/golden.json`, REFERENCE))
    ? (parsed(`${folder}/golden.json`) as { golden: string | null }).golden
    : null;
  if (golden !== null && files.every(([file]) => file !== 'config.json'))
    files.push(['config.json', bytesOf(`golden/${golden}/config.json`)]);
  const open = async (content: (file: readonly [string, Bytes]) => Bytes) =>
    fingerprint(await openFromFiles(files.map((file) => new File([content(file)], file[0]))));
  return {
    name: `checkpoint, ${name}`,
    perThousand: 100,
    property: (told) =>
      fc.asyncProperty(fc.nat(files.length - 1), byteChanges, async (which, changes) => {
        const changed = (file: readonly [string, Bytes]) =>
          file === files[which] ? changedBytes(file[1], changes) : file[1];
        told(await outcomeOf(() => open(changed), await open(([, bytes]) => bytes)));
      }),
  };
}

/** A JSON file whose values are changed. What is taken is taken again when it is written and read. */
function jsonFile(name: string, file: string, parse: (json: unknown) => unknown): Target {
  const json = parsed(file);
  return {
    name,
    perThousand: 1000,
    property: (told) =>
      fc.asyncProperty(jsonChanges, async (changes) => {
        const attempt = () => {
          const taken = parse(changedJson(json, changes));
          const again = parse(JSON.parse(JSON.stringify(taken)));
          if (!isDeepStrictEqual(again, taken)) throw new Error('What was taken is read otherwise again.');
          return taken;
        };
        told(await outcomeOf(attempt, parse(json)));
      }),
  };
}

/** Only the headers: what decodes the rest is the browser's. */
const imageHeaders: Target = {
  name: 'image header',
  perThousand: 1000,
  property: (told) => {
    const folder = new URL('../../e2e/jpeg/', import.meta.url);
    const images = readdirSync(folder)
      .filter((name) => /\.(jpg|png)$/.test(name))
      .map((name) => new Uint8Array(readFileSync(new URL(name, folder))));
    const look = (bytes: Uint8Array) => readSize(sniff(bytes), bytes);
    return fc.asyncProperty(fc.constantFrom(...images), byteChanges, async (image, changes) => {
      const size = look(changedBytes(image, changes));
      if (size === null) return told('refused');
      if (!(Number.isInteger(size.width) && Number.isInteger(size.height) && size.width * size.height > 0))
        throw new Error(`The size is ${size.width} by ${size.height}.`);
      told(isDeepStrictEqual(size, look(image)) ? 'same' : 'other');
    });
  },
};

/** A link as a mail program or a person changes it. What is read can be written, and is then read without a problem. */
const changedLinks: Target = {
  name: 'link',
  perThousand: 1000,
  property: (told) =>
    fc.asyncProperty(links, byteChanges, async (link, changes) => {
      const text = new TextDecoder('latin1').decode(
        changedBytes(new TextEncoder().encode(formatLink(link)), changes),
      );
      const read = parseLink(text);
      const again = parseLink(formatLink(read.link));
      if (again.problems.length > 0 || !isDeepStrictEqual(again.link, read.link))
        throw new Error('What was read cannot be written and read again.');
      if (read.problems.length > 0) told('refused');
      else told(isDeepStrictEqual(read.link, link) ? 'same' : 'other');
    }),
};

/** Runs with every answer of the network passed through `change`. */
async function withAnswers<T>(
  change: (response: Response) => Promise<Response>,
  run: () => Promise<T>,
): Promise<T> {
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => change(await real(input, init));
  try {
    return await run();
  } finally {
    globalThis.fetch = real;
  }
}

/** The listing, or a file on its way, is not what it should be; hashes are known for the weights alone. */
const hubAnswers: Target = {
  name: 'answers of the hub',
  perThousand: 40,
  property: (told) => {
    let visits: HubVisits;
    const kinds = fc.record({
      listing: fc.oneof(
        jsonChanges.map((json) => ({ json })),
        byteChanges.map((bytes) => ({ bytes })),
      ),
      status: fc.option(fc.constantFrom(200, 206, 301, 401, 403, 404, 416, 500), { nil: null }),
      without: fc.subarray(['content-length', 'etag', 'x-linked-etag', 'x-repo-commit']),
    });
    return fc
      .asyncProperty(kinds, async ({ listing, status, without }) => {
        visits.store = memoryStore();
        const change = async (response: Response): Promise<Response> => {
          const headers = new Headers(response.headers);
          for (const name of without) headers.delete(name);
          if (!response.url.includes('/api/')) return response;
          const bytes = new Uint8Array(await response.arrayBuffer());
          const body =
            'bytes' in listing
              ? changedBytes(bytes, listing.bytes)
              : JSON.stringify(changedJson(JSON.parse(new TextDecoder().decode(bytes)), listing.json));
          return new Response(body, { status: status ?? response.status, headers });
        };
        const visit = async () => fingerprint((await visits.visit()).checkpoint);
        const unchanged = await modelOfFiles();
        told(await withAnswers(change, () => outcomeOf(visit, unchanged)));
        // Whatever was told: the next try, with the hub as it should be, gives the model.
        visits.store = memoryStore();
        if ((await visit()) !== unchanged) throw new Error('The next visit gives another model.');
      })
      .beforeEach(async () => {
        visits = await HubVisits.start();
      })
      .afterEach(() => visits.server.stop());
  },
};

async function modelOfFiles(): Promise<string> {
  const names = ['config.json', 'preprocessor_config.json', 'model.safetensors'] as const;
  return fingerprint(await openFromFiles(names.map((name) => new File([FILES[name]], name))));
}

/** One of the files in the browser's storage has gone bad between two visits. */
const storedFiles: Target = {
  name: 'stored files',
  perThousand: 40,
  property: (told) => {
    let visits: HubVisits;
    return fc
      .asyncProperty(fc.nat(2 ** 16), byteChanges, async (which, changes) => {
        const visit = async () => fingerprint((await visits.visit()).checkpoint);
        const unchanged = await visit();
        const { store } = visits;
        const stored = (await store.list()).map(({ name }) => name).sort();
        const name = stored[which % stored.length] ?? '';
        const bytes = new Uint8Array(await ((await store.read(name)) ?? new Blob()).arrayBuffer());
        const writer = await store.append(name, 0);
        await writer.write(changedBytes(bytes, changes));
        await writer.close();
        // The list of models opens whatever there is.
        await storedModels(store);
        told(await outcomeOf(visit, unchanged));
      })
      .beforeEach(async () => {
        visits = await HubVisits.start();
      })
      .afterEach(() => visits.server.stop());
  },
};

export const TARGETS: readonly Target[] = [
  checkpointFiles('safetensors', 'golden/patch4-16px'),
  ...readdirSync(new URL('formats/', REFERENCE))
    .sort()
    .map((name) => checkpointFiles(name, `formats/${name}`)),
  jsonFile('config.json', 'golden/patch4-16px/config.json', parseConfig),
  jsonFile(
    'preprocessor_config.json',
    'golden/patch4-16px/preprocessor_config.json',
    parsePreprocessorConfig,
  ),
  imageHeaders,
  changedLinks,
  hubAnswers,
  storedFiles,
];

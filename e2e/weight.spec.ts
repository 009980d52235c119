/**
 * What a first visit weighs. Counts, not times: the server writes down what it is asked for, and holds back the first
 * result, so that whatever was asked for until then was asked for before it.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { serveStatic } from '../tools/browser/static-server.ts';
import { expect, test } from './fixtures.ts';
import type { LensPage } from './lens-page.ts';

test.use({ newProfile: true });

/** For all scripts until the first result, workers' included, in bytes, gzipped. */
const SCRIPT_BUDGET = 150_000;
const FIRST_RESULT = 'samples/results/cat.png';
/** Time for a request that should not come. */
const GRACE_MS = 500;

const dist = resolve('dist');

const HEADERS = {
  // With these, so that the visit is one visit: that of a plain host has a reload in it.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  // As hosts of static pages answer: what the browser has it does not ask for again.
  'Cache-Control': 'max-age=600',
};

interface Visit {
  /** Files in dist, in the order in which they were asked for. */
  readonly files: readonly string[];
  /** How many of them were asked for before the first result could be shown. */
  readonly before: number;
}

/** A first visit, until the live model has painted and everything else has been loaded ahead. */
async function firstVisit(lens: LensPage): Promise<Visit> {
  const { page } = lens;
  const files: string[] = [];
  let reached = (): void => {};
  const wanted = new Promise<void>((resolve) => {
    reached = resolve;
  });
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const server = await serveStatic(dist, '/some/folder/', {
    headers: HEADERS,
    onRequest: async (path) => {
      files.push(path === '' ? 'index.html' : path);
      if (path !== FIRST_RESULT) return;
      reached();
      await held;
    },
  });
  try {
    await page.goto(server.url);
    await lens.firstImage();
    await wanted;
    await page.waitForTimeout(GRACE_MS);
    const before = files.length;
    release();
    await expect(lens.panel('reconstruction')).toContainText('precomputed');
    await lens.painted();
    await expect.poll(() => files.some((file) => /CompareDialog-[\w-]+\.js$/.test(file))).toBe(true);
    await page.waitForLoadState('networkidle');
    return { files, before };
  } finally {
    release();
    await page.close();
    await server.close();
  }
}

function bytesOf(file: string): Buffer {
  const path = join(dist, file);
  if (!existsSync(path)) throw new Error(`The page asked for ${file}, which the build does not have.`);
  return readFileSync(path);
}

/** Those that come more than once, each as often as it does. */
function repeated(values: readonly string[]): string[] {
  return values.filter((value) => values.indexOf(value) !== values.lastIndexOf(value));
}

test('a first visit loads little before the first result, and nothing twice', async ({ lens }) => {
  const { files, before } = await firstVisit(lens);
  const first = files.slice(0, before);
  const scripts = first.filter((file) => /\.m?js$/.test(file));
  const sizes = Object.fromEntries(scripts.map((file) => [file, gzipSync(bytesOf(file)).length]));
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  expect(scripts.length).toBeGreaterThan(1);
  expect(total, `gzipped scripts: ${JSON.stringify(sizes)}`).toBeLessThanOrEqual(SCRIPT_BUDGET);

  // The model, its runtime and the library for its images: all of them later, and all of them come.
  const heavy = /^models\/|\.wasm$|\bort[.-]|transformers|model\.worker/;
  expect(first.filter((file) => heavy.test(file))).toEqual([]);
  const later = files.slice(before);
  expect(later.filter((file) => /\.wasm$/.test(file)).length).toBe(1);
  for (const part of [/^models\/demo\/model\.safetensors$/, /\/transformers/, /\/model\.worker/])
    expect(later.filter((file) => part.test(file)).length, String(part)).toBe(1);

  // Of the typeface only what Latin letters need.
  expect(files.filter((file) => file.endsWith('.woff2'))).toEqual([
    expect.stringMatching(/inter-latin-wght-normal-[\w-]+\.woff2$/),
  ]);

  expect(repeated(files), 'asked for twice').toEqual([]);
  const contents = files.map((file) => createHash('sha256').update(bytesOf(file)).digest('hex'));
  expect(repeated(contents), 'the same content under two names').toEqual([]);
});

/** What lies in dist/: needs no browser, but a build, and so it lives with the browser tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { SAMPLES } from '../src/store/image/samples.ts';

const dist = 'dist';
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((file) =>
  file.replaceAll('\\', '/'),
);
const scripts = files.filter((file) => /\.m?js$/.test(file));

/** The scripts that contain a text. */
function holding(text: string): string[] {
  return scripts.filter((script) => readFileSync(join(dist, script), 'utf8').includes(text));
}

test.describe('the build', () => {
  test('ships the runtime once: each variant of its WebAssembly and of its script', () => {
    const stem = (file: string): string => file.replace(/^.*\/|-[\w-]{8}(?=\.\w+$)/g, '');
    const wasm = files.filter((file) => file.endsWith('.wasm')).map(stem);
    expect(wasm.sort()).toEqual([
      'ort-wasm-simd-threaded.asyncify.wasm',
      'ort-wasm-simd-threaded.jspi.wasm',
      'ort-wasm-simd-threaded.wasm',
    ]);
    // A text of the runtime's own that survives minifying; transformers.js must come without it.
    const runtimes = holding("initWasm()' failed").map(stem);
    // Once for the page's worker and once for mae-lens.js, which are built apart.
    expect([...new Set(runtimes)].sort()).toEqual([
      'ort.jspi.min.js',
      'ort.wasm.min.js',
      'ort.webgpu.min.js',
    ]);
    expect(runtimes.length).toBe(6);
  });

  test('names no other host in its pages and styles', () => {
    for (const file of files.filter((name) => /\.(html|css|webmanifest)$/.test(name))) {
      const foreign = readFileSync(join(dist, file), 'utf8').match(
        /(?:src|href|url\()\s*=?\s*["']?https?:\/\/[^"')\s]+/g,
      );
      expect(foreign ?? [], file).toEqual([]);
    }
  });

  test('ships each sample with a result computed ahead, so that the page never waits with nothing', () => {
    for (const { id, file, thumbnail } of SAMPLES) {
      const results = [`samples/results/${id}.json`, `samples/results/${id}.png`];
      expect([file, thumbnail, ...results].filter((path) => !files.includes(path))).toEqual([]);
    }
  });

  test('ships no source maps and no sources', () => {
    expect(files.filter((file) => /\.(map|tsx?)$/.test(file))).toEqual([]);
  });

  test('ships React once', () => {
    expect(holding('Minified React error #').length).toBe(1);
  });
});

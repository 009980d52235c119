import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const MAX_LINES = 400;

it(`no file in src has more than ${MAX_LINES} lines`, () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tsx?|css)$/.test(file) && !file.includes('onnx_pb'))
    .map((file) => path.join('src', file));
  const lines = files.map((file) => [file, readFileSync(file, 'utf8').split('\n').length - 1] as const);
  expect(files.length).toBeGreaterThan(100);
  expect(lines.filter(([, count]) => count > MAX_LINES)).toEqual([]);
});

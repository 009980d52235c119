import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { expect, test } from './fixtures.ts';

const ROOT = path.join(import.meta.dirname, '..');
const answer = z.object({
  rows: z.array(
    z.object({
      kind: z.string(),
      runtime: z.string(),
      masked: z.number().nullable(),
      what: z.string(),
      summary: z.object({ median: z.number().positive(), runs: z.number().int().positive() }),
      ratios: z.array(z.object({ to: z.string(), ratio: z.number().positive() })),
    }),
  ),
  notes: z.array(z.string()),
});

/** The smallest run that has a peer, the page's engine, and the built page. */
test('npm run bench measures and compares', async () => {
  test.setTimeout(120_000);
  const folder = await mkdtemp(path.join(tmpdir(), 'mae-lens-bench-spec-'));
  try {
    const json = path.join(folder, 'bench.json');
    const options = ['--models', 'demo', '--devices', 'wasm-1-fp32', '--peers', 'native', '--budget', '20'];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        '--import',
        'tsx',
        'tools/bench/bench.ts',
        ...options,
        '--rows',
        'forward,slider',
        '--dist',
        'dist',
        '--json',
        json,
      ],
      { cwd: ROOT },
    );
    expect(stdout).toContain('| demo | 75 % | WebAssembly · 1 thread |');
    const { rows, notes } = answer.parse(JSON.parse(await readFile(json, 'utf8')));
    expect(notes).toEqual([]);

    const forward = rows.filter(({ kind, runtime }) => kind === 'forward' && runtime === 'wasm-1-fp32');
    expect(forward.map(({ masked, what }) => `${masked} ${what}`)).toEqual(
      [0, 0.5, 0.75, 0.9].flatMap((ratio) => [`${ratio} encoder`, `${ratio} decoder`, `${ratio} whole`]),
    );
    for (const { ratios } of forward) expect(ratios.map(({ to }) => to)).toContain('onnxruntime-node');

    const slider = new Map(
      rows.filter(({ kind }) => kind === 'slider').map((row) => [row.what, row.summary]),
    );
    const median = (what: string) => slider.get(`step by step: ${what}`)?.median ?? Number.NaN;
    // Every step has its image: 20 is the least that a drag makes.
    expect(slider.get('step by step: input to canvas')?.runs).toBe(20);
    expect(median('input to canvas')).toBeGreaterThan(median('forward pass'));
    expect(median('input to screen')).toBeGreaterThan(median('input to canvas'));
    expect(median('all but the forward pass')).toBeLessThan(median('input to canvas'));
  } finally {
    await rm(folder, { recursive: true });
  }
});

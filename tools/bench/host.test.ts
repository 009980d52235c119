import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSite, startHost } from './host.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'mae-lens-host-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a host compresses scripts, and counts what goes over the wire', async () => {
  const script = 'let a = 1;'.repeat(10_000);
  const weights = Buffer.alloc(50_000, 7);
  mkdirSync(path.join(folder, 'assets'));
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(path.join(folder, 'assets/page.js'), script);
  writeFileSync(path.join(folder, 'weights.bin'), weights);
  const host = await startHost(await readSite(folder), { 'Cross-Origin-Opener-Policy': 'same-origin' });
  try {
    const page = await fetch(host.url);
    expect(await page.text()).toBe('<!doctype html>');
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    const before = host.sent(0, Number.POSITIVE_INFINITY);
    expect(before.scripts).toBe(0);

    const answer = await fetch(`${host.url}assets/page.js`);
    expect(answer.headers.get('content-type')).toBe('text/javascript');
    expect(await answer.text()).toBe(script);
    const { scripts } = host.sent(0, Number.POSITIVE_INFINITY);
    expect(scripts).toBe(Number(answer.headers.get('content-length')));
    expect(scripts).toBeLessThan(script.length / 50);

    const binary = await fetch(`${host.url}weights.bin`);
    expect(Buffer.from(await binary.arrayBuffer()).equals(weights)).toBe(true);
    expect(host.sent(0, Number.POSITIVE_INFINITY)).toEqual({
      all: before.all + scripts + weights.byteLength,
      scripts,
    });

    // Nothing was sent before the epoch, or is sent in a day.
    expect(host.sent(Number.NEGATIVE_INFINITY, 0)).toEqual({ all: 0, scripts: 0 });
    expect(host.sent(Date.now() + 86_400_000, Number.POSITIVE_INFINITY)).toEqual({ all: 0, scripts: 0 });

    expect((await fetch(`${host.url}assets/none.js`)).status).toBe(404);
    expect((await fetch(`${host.url}%2e%2e/${path.basename(folder)}/index.html`)).status).toBe(404);
  } finally {
    await host.close();
  }
});
